import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { simulate } from '../../../core/simulation';

test('docs/simulation.md: the example gives what stands below it', async () => {
	const page = readFileSync(join(process.cwd(), 'docs/simulation.md'), 'utf8');
	const [scenario, shown] = [...page.matchAll(/```json\n([\s\S]+?)```/g)].map(([, json]) =>
		JSON.parse(json),
	);
	const { messages, decisions, unrouted, warnings } = await simulate(scenario);
	expect({
		messages: messages.slice(-1),
		decisions: decisions.slice(0, 1),
		unrouted,
		warnings,
	}).toEqual(shown);
});
