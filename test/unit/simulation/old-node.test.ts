import { simulate } from '../../../core/simulation';

/** Built-ins that Node 22 has and Node 20 has not: the package allows Node 20 for whoever only loads `dist/core`. */
const NEWER: ReadonlyArray<[object, string]> = [
	[Map, 'groupBy'],
	[Object, 'groupBy'],
	[Promise, 'withResolvers'],
	[Array, 'fromAsync'],
	[Set.prototype, 'union'],
	[Set.prototype, 'intersection'],
	[Set.prototype, 'difference'],
	[Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())) as object, 'map'],
];

it('a simulation runs without what Node 20 does not have', async () => {
	const kept = NEWER.map(([owner, name]) => [
		owner,
		name,
		Object.getOwnPropertyDescriptor(owner, name),
	]).filter(([, , found]) => found) as Array<[object, string, PropertyDescriptor]>;
	for (const [owner, name] of kept)
		Object.defineProperty(owner, name, { value: undefined, configurable: true });
	try {
		const result = await simulate({
			start: '2027-03-10T00:00:00Z',
			end: '2027-03-11T00:00:00Z',
			preferences: [
				{
					user_id: 'ann',
					notification_preferences: { channels: ['email'], email: { address: 'a@example.com' } },
				},
			],
			timeline: [
				{
					at: '2027-03-10T10:00:00Z',
					event: {
						event_id: 'e1',
						event_type: 'ticket_created',
						target_users: ['ann'],
						content: { ticket_id: 'T1' },
					},
				},
			],
		});
		expect(result.messages.map((m) => m.recipient)).toEqual(['ann']);
	} finally {
		for (const [owner, name, descriptor] of kept) Object.defineProperty(owner, name, descriptor);
	}
});
