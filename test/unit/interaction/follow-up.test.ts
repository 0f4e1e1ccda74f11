import { followUps } from '../../../core/interaction/index.ts';
import { parseDelivery } from '../../../core/events/index.ts';
import { ledgerRow } from '../../../core/gate/index.ts';
import { createMemoryStore } from '../../../core/store/memory/index.ts';
import type { Store } from '../../../core/store/types.ts';

const START = Date.parse('2027-03-13T09:00:00Z');
let store: Store;
let asked: string[];
let answer: Record<string, unknown>;
let down: boolean;

/** A channel that tells what became of a message after 20 s and after 5 min. */
const channel = {
	id: 'dingtalk',
	name: 'DingTalk',
	address: (document: Record<string, unknown>) => document.userid as string,
	followUp: {
		afterSeconds: [20, 300],
		request: (ref: Record<string, unknown>) => ({ kind: 'http', method: 'GET', url: ref.task }),
		read: ({ body }: { body: Record<string, unknown> }) => (body.status ? body : undefined),
	},
} as never;
const io = {
	async http({ url }: { url: string }) {
		if (down) throw new Error('no connection');
		asked.push(url);
		return { status: 200, headers: {}, body: answer };
	},
} as never;

beforeEach(async () => {
	store = createMemoryStore();
	[asked, answer, down] = [[], {}, false];
	await look(0);
});

const look = (seconds: number) =>
	followUps(store, { channel, credential: {}, io, now: new Date(START + seconds * 1000) });
const send = async (task: string, seconds: number) => {
	const at = new Date(START + seconds * 1000).toISOString();
	const item = parseDelivery({
		delivery_id: task,
		event: {
			event_id: task,
			event_type: 'ticket_created',
			timestamp: at,
			source: 'test',
			content: { ticket_id: task, ticket_title: task },
		},
		recipient: { user_id: 'u1' },
		channel: 'dingtalk',
		address: { userid: 'd-1' },
	});
	const sent = { stage: 'done', status: 'sent', sent_at: at, provider_ref: { task } } as const;
	await store.deliveries.insert([ledgerRow(item, at, sent)]);
};
const statusOf = async (id: string) => (await store.deliveries.get([id]))[0].status;

it('each message is asked about at its ages, once each', async () => {
	await send('t1', 5);
	expect(await look(20)).toBe(0);
	expect(await look(40)).toBe(1);
	expect(await look(60)).toBe(0);
	expect(await look(400)).toBe(1);
	expect(await look(1000)).toBe(0);
	expect(asked).toEqual(['t1', 't1']);
});

it('what the provider tells is written down, and asked about no more', async () => {
	await send('t1', 5);
	answer = { status: 'delivered' };
	await look(40);
	expect(await statusOf('t1')).toBe('delivered');
	expect(await look(400)).toBe(0);
});

it('a provider that cannot be reached is asked again', async () => {
	await send('t1', 5);
	down = true;
	await expect(look(40)).rejects.toThrow('no connection');
	down = false;
	expect(await look(60)).toBe(1);
});

it('more than one look takes: the rest at the next', async () => {
	for (let i = 0; i < 70; i++) await send(`t${i}`, 5 + i / 100);
	expect([await look(60), await look(80)]).toEqual([50, 20]);
	expect(new Set(asked).size).toBe(70);
});
