// The engine alone, on the in-memory store: no n8n, no network.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ROOT } from '../../sandbox/lib/package.ts';
import type * as ChannelsModule from '../../core/channels/index.ts';
import type * as EngineModule from '../../core/engine/index.ts';
import type * as EventsModule from '../../core/events/index.ts';
import type * as PreferencesModule from '../../core/preferences/index.ts';
import type * as StoreModule from '../../core/store/index.ts';
import type * as TemplatesModule from '../../core/templates/index.ts';
import { eventOf, everybody, preferenceOf } from './events.ts';
import { machine } from './machine.ts';
import { digits, median, percentile, say, table } from './report.ts';

const EVENTS = 2000;
const ROUNDS = 5;
const GROUPS = 100_000;
/** So many that each gets an event every few hundred: what is known of a person is used again. */
const PEOPLE = 1000;
const MIB = 2 ** 20;
const START = Date.parse('2027-03-01T09:00:00.000Z');
/** Between events, so that nobody reaches the limit above which messages are collected. */
const STEP_MS = 60_000;

/** What is published, as it is published. */
function core() {
	const load = createRequire(join(ROOT, 'dist', 'core', 'index.js'));
	return {
		channels: load('./channels/index.js') as typeof ChannelsModule,
		engine: load('./engine/index.js') as typeof EngineModule,
		events: load('./events/index.js') as typeof EventsModule,
		preferences: load('./preferences/index.js') as typeof PreferencesModule,
		store: load('./store/index.js') as typeof StoreModule,
		templates: load('./templates/index.js') as typeof TemplatesModule,
	};
}

type Core = ReturnType<typeof core>;

interface Timed {
	cpuUs: number;
	/** Wall time of each event, µs. */
	each: number[];
}

async function timed(count: number, work: (n: number) => unknown): Promise<Timed> {
	const each: number[] = [];
	const before = process.cpuUsage();
	for (let n = 0; n < count; n++) {
		const started = performance.now();
		await work(n);
		each.push((performance.now() - started) * 1000);
	}
	const { user, system } = process.cpuUsage(before);
	return { cpuUs: (user + system) / count, each };
}

/** How far an event goes. */
interface Reach {
	people: number;
	channels: readonly string[];
}

/** Parsed events of a round, a minute apart. */
function eventsFor(core: Core, round: number, reach: Reach) {
	return Array.from({ length: EVENTS }, (_, i) => {
		const n = round * EVENTS + i;
		const at = START + n * STEP_MS;
		const event = eventOf(n, PEOPLE);
		const target_users = (event.target_users as string[]).slice(0, reach.people);
		const timestamp = new Date(at).toISOString();
		return { at, event: core.events.parseEvent({ ...event, target_users, timestamp }) };
	});
}

async function storeWithPeople(
	{ engine, store }: Core,
	channels?: readonly string[],
): Promise<StoreModule.Store> {
	const memory = store.createMemoryStore();
	const documents = everybody(PEOPLE).map((id) => preferenceOf(id, channels));
	await engine.savePreferences(memory, documents, START);
	return memory;
}

async function throughput(core: Core, reach: Reach): Promise<void> {
	const { engine, preferences, templates, channels, events } = core;
	const policy = preferences.parsePolicy({});
	const knownChannels = events.CHANNEL_IDS;
	const work: Record<string, Timed[]> = { clone: [], resolve: [], decide: [], whole: [] };
	let missing = 0;

	// The first round warms up and is not counted.
	for (let round = 0; round <= ROUNDS; round++) {
		const given = eventsFor(core, round, reach);
		const decideStore = await storeWithPeople(core, reach.channels);
		const wholeStore = await storeWithPeople(core, reach.channels);
		const intake = (store: StoreModule.Store, n: number) =>
			engine.intake(store, [given[n].event], {
				policy,
				policyId: null,
				now: given[n].at,
				knownChannels,
			});
		const results = {
			clone: await timed(EVENTS, (n) => JSON.parse(JSON.stringify(given[n].event)) as unknown),
			resolve: await timed(EVENTS, (n) =>
				preferences.resolveEvents([given[n].event], {
					store: wholeStore,
					policy,
					now: new Date(given[n].at),
					knownChannels,
				}),
			),
			decide: await timed(EVENTS, (n) => intake(decideStore, n)),
			whole: await timed(EVENTS, async (n) => {
				const { send } = await intake(wholeStore, n);
				const options = { channels: channels.channels, now: new Date(given[n].at) };
				const render = templates.renderer(options);
				const rendered = send.filter((delivery) => render(delivery).ok);
				missing += reach.people * reach.channels.length - rendered.length;
			}),
		};
		if (round > 0) for (const [name, result] of Object.entries(results)) work[name].push(result);
	}
	if (missing !== 0) throw new Error(`${missing} messages are missing: the figures mean nothing`);

	const names: Record<string, string> = {
		clone: 'JSON clone of the event (baseline)',
		resolve: 'resolve',
		decide: 'resolve + gate',
		whole: 'resolve + gate + render',
	};
	const cpuOf = (name: string): number => median(work[name].map(({ cpuUs }) => cpuUs));
	table(
		['step', 'CPU µs/event', 'events/s per core', 'p50 µs', 'p99 µs', '× clone', '× resolve'],
		Object.entries(names).map(([name, title]) => {
			const of = (share: number): string =>
				digits(median(work[name].map(({ each }) => percentile(each, share))), 0);
			const ratio = (base: string): string =>
				`${digits(median(work[name].map(({ cpuUs }, i) => cpuUs / work[base][i].cpuUs)))}×`;
			const perSecond = digits(1e6 / cpuOf(name), 0);
			return [
				title,
				digits(cpuOf(name)),
				perSecond,
				of(0.5),
				of(0.99),
				ratio('clone'),
				ratio('resolve'),
			];
		}),
	);
}

/** A collector on demand, as `node --expose-gc` has it. */
function collector(): () => void {
	setFlagsFromString('--expose-gc');
	return runInNewContext('gc') as () => void;
}

async function memoryOfGroups(core: Core): Promise<void> {
	const { engine, events, preferences } = core;
	const policy = preferences.parsePolicy({});
	const store = await storeWithPeople(core);
	const collect = collector();
	const used = () => {
		collect();
		const { rss, heapUsed } = process.memoryUsage();
		return { rss: rss / MIB, heap: heapUsed / MIB };
	};
	const before = used();
	for (let n = 0; n < GROUPS / 4; n++) {
		const event = events.parseEvent({
			...eventOf(n, PEOPLE),
			event_type: 'ticket_comment',
			timestamp: new Date(START).toISOString(),
		});
		await engine.intake(store, [event], {
			policy,
			policyId: null,
			now: START,
			knownChannels: events.CHANNEL_IDS,
		});
	}
	const after = used();
	const [groups, held] = [await store.groups.count(), await store.held.count()];
	if (groups !== GROUPS || held !== GROUPS) {
		throw new Error(`${groups} groups and ${held} held messages instead of ${GROUPS} of each`);
	}
	const perGroup = ((after.heap - before.heap) * 1024) / GROUPS;
	table(
		['memory, MiB', 'before', `with ${GROUPS} open groups`, 'per group, KiB'],
		[
			[
				'resident (RSS)',
				digits(before.rss, 0),
				digits(after.rss, 0),
				digits(((after.rss - before.rss) * 1024) / GROUPS),
			],
			['JavaScript heap', digits(before.heap, 0), digits(after.heap, 0), digits(perGroup)],
		],
	);
}

export async function benchEngine(): Promise<void> {
	const loaded = core();
	say(machine(false));
	say();
	say('Each group holds one message, with its whole event, its ledger row and its ticket');
	// First, in a process that has done nothing else yet.
	await memoryOfGroups(loaded);
	for (const reach of [
		{ people: 1, channels: ['slack'] },
		{ people: 2, channels: ['slack', 'wecom'] },
	]) {
		const to = `${reach.people} on ${reach.channels.join(' and ')}`;
		say();
		say(`People an event goes to: ${to}. ${ROUNDS} rounds of ${EVENTS} events, medians`);
		await throughput(loaded, reach);
	}
}
