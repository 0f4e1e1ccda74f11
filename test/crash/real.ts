// A real n8n with the bundled workflows 01 and 02, killed under load and started again on its folder.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { savePolicy, savePreferences, saveSilence } from '../../core/engine/index';
import { defaultStoreFile, openStore, type Store } from '../../core/store/index';
import { credentialId } from '../../sandbox/demo/credentials.ts';
import {
	readWorkflows,
	writeWorkflows,
	type WorkflowDocument,
} from '../../sandbox/demo/workflows.ts';
import { N8n, type N8nProcess } from '../../sandbox/lib/n8n.ts';
import { ROOT } from '../../sandbox/lib/package.ts';
import { waitFor } from '../../sandbox/lib/run.ts';
import { judge } from './judge';
import { IN_SECONDS, makeLoad, type Load } from './load';
import type { Point } from './points';
import type { Providers } from './providers';
import { Random } from './random';
import { isSettled } from './settled';

const HEADER = { name: 'X-Drill', value: 'crash-drill-0123456789' };
const CREDENTIALS: Record<string, string> = {
	itsmTrigger: 'itsmNotifyInboundApi',
	itsmSlackSender: 'itsmNotifySlackApi',
	itsmEmailSender: 'itsmNotifyEmailApi',
};
const IDS = ['itsmnotify01rout', 'itsmnotify02rele'];
const DEATH_MS = 45_000;
const SETTLE_MS = 90_000;
/** Longer than a sender's lease; what a Release Trigger handed out is leased for longer still, and comes back at once. */
const DOWN_MS = 3 * 60_000;
const NEVER = '9999';

export interface Width {
	/** Runs at the same time; undefined as n8n has it by itself. */
	runs?: number;
	/** How many messages can be between a provider and the record. */
	messages: number;
}

export class RealN8n {
	private readonly order: string;
	private server!: N8nProcess;
	private shiftMs = 0;
	private rounds = 0;

	private constructor(
		private readonly name: string,
		private readonly n8n: N8n,
		private readonly providers: Providers,
		private readonly width: Width,
	) {
		this.order = join(n8n.folder, 'order.json');
	}

	/** Prepares it and lets it start. `name`: a digit, it tells its loads from those of others. */
	static async open(
		name: string,
		providers: Providers,
		width: Width,
		tarball: string,
	): Promise<RealN8n> {
		const folder = mkdtempSync(join(tmpdir(), 'itsm-crash-n8n-'));
		const env = width.runs ? { N8N_CONCURRENCY_PRODUCTION_LIMIT: String(width.runs) } : {};
		const n8n = await N8n.create({ folder, env, tarball });
		const real = new RealN8n(name, n8n, providers, width);
		await real.setUp();
		return real;
	}

	async close(): Promise<void> {
		await this.n8n.stop();
		if (!process.env.KEEP) rmSync(this.n8n.folder, { recursive: true, force: true });
	}

	logTail(): string {
		return this.n8n.logTail(30);
	}

	private async setUp(): Promise<void> {
		const { n8n, providers } = this;
		const data: Record<string, unknown> = {
			itsmNotifyInboundApi: { headerName: HEADER.name, token: HEADER.value },
			itsmNotifySlackApi: providers.endpoints.slack,
			itsmNotifyEmailApi: providers.endpoints.email,
		};
		await n8n.importCredentials(
			Object.entries(data).map(([type, fields]) => ({
				id: credentialId(type),
				name: type,
				type,
				data: fields,
			})),
		);
		const folder = join(n8n.folder, 'workflows');
		const documents = readWorkflows(join(ROOT, 'workflows'));
		writeWorkflows(documents.filter(({ id }) => IDS.includes(id)).map(fitted), folder);
		await n8n.importWorkflows(folder);
		const script = join(n8n.folder, 'trap.cjs');
		await build({
			entryPoints: [join(import.meta.dirname, 'trap-n8n.ts')],
			outfile: script,
			bundle: true,
			platform: 'node',
			format: 'cjs',
			logLevel: 'error',
		});
		n8n.env.NODE_OPTIONS = `--require ${script}`;
		n8n.env.ITSM_CRASH_ORDER = this.order;
		await this.start();
		await n8n.api.login();
		for (const id of IDS) await n8n.api.publishWorkflow(id);
		await n8n.waitForWebhook('itsm');
	}

	private async start(): Promise<void> {
		this.n8n.env.ITSM_CRASH_SHIFT_MS = String(this.shiftMs);
		// It would make n8n wait for ten seconds, lest a server that dies at once be started too often.
		rmSync(this.n8n.path('crash.journal'), { force: true });
		this.server = await this.n8n.start(240_000);
	}

	/** Dies at the point under load, starts again; everything that was wrong in the end. */
	async run(point: Point, seed: number): Promise<string[]> {
		const random = new Random(seed);
		const load = makeLoad(`R${this.name}${seed}x${++this.rounds}`, random, this.now(), IN_SECONDS);
		await this.withStore(async (store) => {
			await savePolicy(store, load.policy, this.now());
			await savePreferences(store, load.people, this.now());
			await saveSilence(store, load.silence as never, this.now());
		});
		this.providers.stumble(load.unlucky, 2);
		const { exited, faults } = this.setTrap(point, load, random);
		const { server } = this;
		const taken = await this.post(load.events, random);
		const timer = setTimeout(() => {
			faults.push('the point was not reached');
			server.child.kill('SIGKILL');
		}, DEATH_MS);
		await exited;
		clearTimeout(timer);
		rmSync(this.order, { force: true });

		// A sender that died with a message in hand keeps it until its lease runs out.
		const left = await this.withStore(({ deliveries }) => deliveries.abandoned(NEVER, 1_000));
		const isInDoubt = left.some(({ stage }) => stage === 'sending');
		if (isInDoubt || random.next() < 0.5) this.shiftMs += DOWN_MS;
		await this.start();
		await this.n8n.waitForWebhook('itsm');
		// Nobody has answered for these: whoever sent them sends them again, and one that was answered, too.
		const again = load.events.filter((event) => !taken.has(String(event.event_id)));
		const answered = await this.post([...again, random.pick(load.events)], random);
		for (const event of again)
			if (!answered.has(String(event.event_id))) faults.push(`${String(event.event_id)}: refused`);
		await waitFor('the store to settle', () => this.withStore(isSettled), SETTLE_MS, 500).catch(
			(error: Error) => faults.push(error.message),
		);
		const received = this.providers.received(load.run);
		const verdict = await this.withStore((store) =>
			judge(load, received, store, this.width.messages),
		);
		this.providers.forget(load.run);
		return [...faults, ...verdict.faults].map(
			(fault) => `"${point.name}", n8n ${this.name}, seed ${seed}: ${fault}`,
		);
	}

	private setTrap(
		point: Point,
		load: Load,
		random: Random,
	): { exited: Promise<void>; faults: string[] } {
		const { child } = this.server;
		const faults: string[] = [];
		const exited = new Promise<void>((done) =>
			child.once('exit', (code, signal) => {
				if (signal !== 'SIGKILL') faults.push(`n8n ended by itself: ${signal ?? code}`);
				done();
			}),
		);
		if (point.kind === 'store') {
			const nth = point.times > 2 ? random.int(1, 3) : 1;
			writeFileSync(this.order, JSON.stringify({ name: point.name, nth }));
		} else {
			this.providers.catchOne(load, random.pick(['slack', 'email']), point.accepted, () =>
				child.kill('SIGKILL'),
			);
		}
		return { exited, faults };
	}

	/** Calls the webhook, some at a time; gives the ids that were answered 200. */
	private async post(events: Load['events'], random: Random): Promise<Set<string>> {
		const taken = new Set<string>();
		for (let at = 0; at < events.length; ) {
			const size = random.int(1, 5);
			await Promise.all(
				events.slice(at, at + size).map(async (event) => {
					const answer = await fetch(this.n8n.webhookUrl('itsm'), {
						method: 'POST',
						headers: { 'content-type': 'application/json', [HEADER.name]: HEADER.value },
						body: JSON.stringify(event),
						signal: AbortSignal.timeout(DEATH_MS),
					}).catch(() => undefined);
					if (answer?.status === 200) taken.add(String(event.event_id));
				}),
			);
			at += size;
		}
		return taken;
	}

	private now(): number {
		return Date.now() + this.shiftMs;
	}

	/** Not open while n8n dies: the next one to open the file finds it as it was left. */
	private async withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
		const file = defaultStoreFile({ N8N_USER_FOLDER: this.n8n.folder });
		const store = await openStore({ kind: 'sqlite', file });
		try {
			return await work(store);
		} finally {
			await store.close();
		}
	}
}

/** As it is shipped, with the two credentials selected, one message at a time in a sender, and a look every second. */
function fitted(document: WorkflowDocument): WorkflowDocument {
	const nodes = document.nodes.map((node) => {
		const name = node.type.replace('n8n-nodes-itsm-notify.', '');
		const type = CREDENTIALS[name];
		const parameters = {
			...node.parameters,
			...(name === 'itsmReleaseTrigger' ? { everySeconds: 1 } : {}),
			...(name.endsWith('Sender') ? { options: { concurrency: 1 } } : {}),
		};
		return {
			...node,
			parameters,
			...(type ? { credentials: { [type]: { id: credentialId(type), name: type } } } : {}),
		};
	});
	return { ...document, nodes };
}
