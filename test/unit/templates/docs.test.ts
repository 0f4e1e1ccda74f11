import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { labels, renderDelivery, validateTemplate } from '../../../core/templates/index';
import { BLOCK_HELPERS, VALUE_HELPERS } from '../../../core/templates/engine/helpers';
import { PRIORITIES, EVENT_TYPES, TICKET_STATUSES } from '../../../core/events/model';
import { delivery, options } from './helpers';

const pages = ['docs/templates.md', 'docs/zh/templates.md'].map((page) => [
	page,
	readFileSync(join(process.cwd(), page), 'utf8'),
]);

describe.each(pages)('%s', (_page, text) => {
	const examples = [...text.matchAll(/```json\n([\s\S]+?)```/g)].map(([, json]) =>
		JSON.parse(json),
	);

	it('has an example that is valid and renders for each of its channels', () => {
		expect(examples).toHaveLength(1);
		const [example] = examples;
		expect(validateTemplate(example)).toMatchObject({ errors: [], warnings: [] });
		for (const channel of example.channels) {
			const given = delivery({ channel, recipient: { language: example.language } });
			const result = renderDelivery(given, options({ overrides: [example] }));
			expect(result).toMatchObject({ ok: true, template_id: 'ticket_assigned' });
		}
	});

	it('names every helper', () => {
		for (const name of [...Object.keys(VALUE_HELPERS), ...BLOCK_HELPERS]) {
			expect(text).toMatch(new RegExp(`[({#]${name}\\b`));
		}
	});
});

describe('labels', () => {
	it.each(['en', 'zh'] as const)('%s has a word for every code', (language) => {
		const words = labels[language];
		expect(Object.keys(words.event_types).sort()).toEqual([...EVENT_TYPES].sort());
		expect(Object.keys(words.priorities).sort()).toEqual([...PRIORITIES].sort());
		expect(Object.keys(words.statuses).sort()).toEqual([...TICKET_STATUSES].sort());
	});

	it('are the same codes in both languages', () => {
		const codes = (words: Record<string, unknown>) =>
			Object.entries(words).flatMap(([name, table]) =>
				typeof table === 'object' && table
					? Object.keys(table).map((key) => `${name}.${key}`)
					: [name],
			);
		expect(codes({ ...labels.zh })).toEqual(codes({ ...labels.en }));
	});
});
