// One ticket in either system, a clock that the test moves, and people who press.
import { act, type ActionResult, type ActOptions } from '../../../core/interaction/index';
import type { Itsm, ItsmSettings } from '../../../core/itsm/index';
import { interactionSchema, type Interaction } from '../../../core/events/delivery';
import { eventSchema } from '../../../core/events/model';
import { ledgerRow } from '../../../core/gate/rows';
import { parsePolicy } from '../../../core/preferences/policy';
import type { Store } from '../../../core/store/types';
import type { FaultLine } from './faults';
import { rtFake, rtTicket } from './rt-fake';
import { PEOPLE, serviceNowFake } from './service-now-fake';

export const START = Date.parse('2027-03-13T09:00:00.000Z');
export const at = (seconds: number): string => new Date(START + seconds * 1000).toISOString();

export interface Rig extends FaultLine {
	source: 'serviceNow' | 'requestTracker';
	store: Store;
	itsm: Itsm;
	ticketId: string;
	key: string;
	/** Seconds since the start. */
	clock: { now: number };
	/** The ticket as people in the ITSM see it. */
	seen(): { status: string; owner: string; comments: string[]; urgent: boolean };
	/** A change in the ITSM by somebody there. */
	change(what: {
		status?: 'new' | 'in_progress' | 'resolved';
		owner?: 'john' | 'emma' | null;
	}): void;
	writes(): number;
	press(action: string, who?: 'john' | 'emma', more?: Partial<Interaction>): Interaction;
	/** `through`: the store as another process has it. */
	act(item: Interaction, more?: Partial<ActOptions>, through?: Store): Promise<ActionResult>;
}

const NAMES = { john: 'john.doe', emma: 'emma' };
let count = 0;

const person = (user_id: 'john' | 'emma') => ({
	user_id,
	updated_at: at(-60),
	document: {
		user_id,
		username: NAMES[user_id],
		language: 'en',
		notification_preferences: {
			channels: ['slack', 'email'],
			email: { address: `${user_id}@example.test` },
			slack: { userid: `U0${user_id.toUpperCase()}` },
		},
	},
});

export async function rig(
	source: Rig['source'],
	open: () => Promise<Store> | Store,
	settings?: ItsmSettings,
): Promise<Rig> {
	const clock = { now: 0 };
	const now = (): Date => new Date(START + clock.now * 1000);
	const sides = source === 'serviceNow' ? serviceNowSide(now, settings) : rtSide(now, settings);
	const store = await open();
	const key = `${source}:${sides.ticketId}`;
	await store.preferences.put([person('john'), person('emma')]);
	const event = eventSchema.parse({
		event_id: 'e1',
		event_type: 'ticket_created',
		timestamp: at(-60),
		source,
		content: {
			ticket_id: sides.ticketId,
			ticket_title: 'Disk full',
			status: 'new',
			assignee: null,
		},
	});
	await store.tickets.put([
		{ ticket_key: key, open: true, status: 'new', urgent: false, event, updated_at: at(-60) },
	]);
	await store.deliveries.insert(
		(['john', 'emma'] as const).map((user_id) =>
			ledgerRow(
				{
					delivery_id: `d_${user_id}`,
					event,
					recipient: { user_id, role: 'group' },
					channel: 'slack',
					address: {},
					purpose: 'first',
					strategy: 'standard',
					fallback: [],
				},
				at(-60),
				{ stage: 'done', status: 'sent' },
			),
		),
	);
	return {
		...sides,
		source,
		store,
		key,
		clock,
		press: (action, who = 'john', more = {}) =>
			interactionSchema.parse({
				interaction_id: `i_${++count}`,
				channel: 'slack',
				user: { user_id: who, channel_user_id: `U0${who.toUpperCase()}`, language: 'en' },
				action,
				source,
				ticket_key: key,
				ticket_id: sides.ticketId,
				delivery_id: `d_${who}`,
				parameters: { expected: { status: 'new' }, ...(more.parameters ?? {}) },
				received_at: now().toISOString(),
				...Object.fromEntries(Object.entries(more).filter(([name]) => name !== 'parameters')),
			}),
		act: (item, more = {}, through = store) =>
			act(through, sides.itsm, item, {
				owner: 'p1',
				now: () => now().getTime(),
				// A tick, so that whoever is waited for goes on.
				sleep: async (ms) => {
					clock.now += ms / 1000;
					await new Promise((resolve) => setTimeout(resolve, 2));
				},
				random: () => 0.5,
				mode: 'live',
				retry: parsePolicy({}).retry,
				checkPermission: true,
				deadline: now().getTime() + 20_000,
				...more,
			}),
	};
}

type Side = Pick<Rig, 'itsm' | 'ticketId' | 'seen' | 'change' | 'writes' | keyof FaultLine>;

function serviceNowSide(now: () => Date, settings?: ItsmSettings): Side {
	const fake = serviceNowFake(now);
	const { ticket } = fake.tickets.create(
		{ short_description: 'Disk full', urgency: '2', impact: '2' },
		'emma',
	);
	// Another ticket has been commented on, as everywhere.
	const { ticket: other } = fake.tickets.create({ short_description: 'Other' }, 'emma');
	fake.tickets.patch(other.sys_id, { work_notes: 'Looking' }, 'emma');
	const login = (sysId: string): string => PEOPLE.find((p) => p.sys_id === sysId)?.user_name ?? '';
	const states = { new: '1', in_progress: '2', resolved: '6' };
	return {
		...fake,
		itsm: fake.open(settings),
		ticketId: ticket.sys_id,
		writes: () => fake.writes.length,
		seen() {
			const { state, assigned_to, comments, urgency } = fake.tickets.get(ticket.sys_id)!;
			const status = Object.entries(states).find(([, value]) => value === state)?.[0] ?? state;
			const said = comments.map((c) => c.text);
			return { status, owner: login(assigned_to), comments: said, urgent: urgency === '1' };
		},
		change({ status, owner }) {
			const done = status === 'resolved' ? { close_code: 'Known error', close_notes: 'x' } : {};
			const to = owner && PEOPLE.find((p) => p.user_name === NAMES[owner])?.sys_id;
			fake.tickets.patch(
				ticket.sys_id,
				{
					...(status ? { state: states[status] } : {}),
					...(owner === undefined ? {} : { assigned_to: to ?? '' }),
					...done,
				},
				'emma',
			);
		},
	};
}

function rtSide(now: () => Date, settings?: ItsmSettings): Side {
	const fake = rtFake(now);
	const ticket = rtTicket(fake);
	const states = { new: 'new', in_progress: 'open', resolved: 'resolved' };
	return {
		...fake,
		itsm: fake.open(settings),
		ticketId: ticket.id,
		writes: () => fake.writes.length,
		seen: () => ({
			status:
				Object.entries(states).find(([, value]) => value === ticket.Status)?.[0] ?? ticket.Status,
			owner: ticket.Owner === 'Nobody' ? '' : ticket.Owner,
			comments: ticket.transactions.flatMap((t) => t.Content ?? []),
			urgent: Number(ticket.Priority) >= 100,
		}),
		change: ({ status, owner }) =>
			fake.change(ticket.id, {
				...(status ? { Status: states[status] } : {}),
				...(owner === undefined ? {} : { Owner: owner ? NAMES[owner] : 'Nobody' }),
			}),
	};
}
