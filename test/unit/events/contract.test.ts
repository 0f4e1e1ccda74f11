import { describe, expect, it } from '@jest/globals';

import { parseEvent } from '../../../core/events';
import { seed } from '../../fixtures/events/seed';
import { one } from './helper';

const withContent = (content: object): object => ({
	...seed,
	content: { ...seed.content, ...content },
});
const { delivery_status: _status, ...seedWithoutStatus } = seed;

describe('the event item, as a Code or Set node makes it', () => {
	it('is the seed document to the letter', () => {
		expect(parseEvent(seed)).toEqual(seed);
	});

	it.each<[string, object, object]>([
		['delivery_status', { ...seed, delivery_status: null }, { ...seed, delivery_status: {} }],
		[
			'a reason of delivery_status',
			{ ...seed, delivery_status: { email: { status: 'sent', reason: null, error: null } } },
			{ ...seed, delivery_status: { email: { status: 'sent' } } },
		],
		['changes', { ...seed, changes: null }, seed],
		[
			'what is said of a comment',
			withContent({ comment: { author: null, text: 'Toner is here', public: null } }),
			withContent({ comment: { author: null, text: 'Toner is here' } }),
		],
		[
			'a comment text',
			withContent({ comment: { text: null } }),
			withContent({ comment: { text: '' } }),
		],
		['priority_inferred', withContent({ priority_inferred: null }), seed],
		['a member of a list', { ...seed, target_users: [null, ...seed.target_users] }, seed],
		[
			'a member of a list of people',
			withContent({ watchers: [null, 'user-003'] }),
			withContent({ watchers: ['user-003'] }),
		],
	])('null for %s says as little as a field that is not there', (_, given, read) => {
		expect(parseEvent(given)).toEqual(read);
	});

	it('a number where a text is meant becomes that text', () => {
		const given = {
			...withContent({
				description: 42,
				status: 2,
				url: 7,
				comment: { author: { email: 1, name: 2 }, text: 404 },
			}),
			source: 5,
		};
		expect(parseEvent(given)).toMatchObject({
			source: '5',
			content: {
				description: '42',
				status: '2',
				url: '7',
				comment: { author: { email: '1', name: '2' }, text: '404' },
			},
		});
	});

	it('a webhook with null reasons is taken too', () => {
		const body = {
			...seedWithoutStatus,
			delivery_status: { email: { status: 'sent', reason: null } },
		};
		expect(one('generic', body).delivery_status).toEqual({ email: { status: 'sent' } });
	});
});
