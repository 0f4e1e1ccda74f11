// The simulators that survive every crash: what they have recorded is what people have received.
import { createRecorder, startEmail, startSlack } from '../../sandbox/simulators/index.ts';
import type {
	EmailSimulator,
	MessageRecord,
	Recorder,
	Simulator,
} from '../../sandbox/simulators/index.ts';
import { GONE, SLACK_USERS, slackId, type Load, type Place } from './load.ts';
import type { Endpoints } from './pipeline.ts';

const TOKEN = 'xoxb-crash-drill';
const ACCOUNT = { user: 'itsm', password: 'crash-drill' };

/** Where a message arrived and what it tells of. */
export interface Received {
	place: Place;
	tickets: string[];
	/** What it says, as it reached the provider. */
	text: string;
}

export class Providers {
	/** By load: every message is looked at once, however many loads there are. */
	private readonly byRun = new Map<string, Received[]>();

	private constructor(
		readonly recorder: Recorder,
		private readonly slack: Simulator,
		private readonly email: EmailSimulator,
	) {
		recorder.subscribe((record) => {
			if (record.type === 'message') this.note(record);
		});
	}

	static async open(): Promise<Providers> {
		const recorder = createRecorder({ limit: 1_000 });
		const users = [
			...SLACK_USERS.map((name) => ({ id: slackId(name) })),
			{ id: GONE, deleted: true },
		];
		return new Providers(
			recorder,
			await startSlack({ recorder, config: { token: TOKEN, users, rate: null } }),
			await startEmail({ recorder, config: ACCOUNT }),
		);
	}

	async close(): Promise<void> {
		await Promise.all([this.slack.close(), this.email.close()]);
	}

	get endpoints(): Endpoints {
		return {
			slack: { authMode: 'token', token: TOKEN, baseUrl: `${this.slack.url}/api` },
			email: {
				host: this.email.host,
				port: this.email.port,
				secure: false,
				...ACCOUNT,
				from: 'IT <itsm@example.test>',
			},
		};
	}

	/** The first calls about this ticket are answered 503. */
	stumble(ticket: string, times = 1): void {
		this.slack.faults.set({ kind: '5xx', times, match: ticket });
	}

	/** Every call to Slack about this load takes its time. */
	slow(run: string, ms: number): void {
		this.slack.faults.set({ kind: 'slow', ms, match: `${run}T` });
	}

	/** The first call to Slack that says this takes so long. */
	hold(text: string, ms: number): void {
		this.slack.faults.set({ kind: 'slow', ms, times: 1, match: text });
	}

	/** Calls back when the provider has the next message of this load in hand: taken, or about to be. */
	catchOne(load: Load, channel: 'slack' | 'email', accepted: boolean, caught: () => void): void {
		const simulator = channel === 'slack' ? this.slack : this.email;
		const match = channel === 'slack' ? `${load.run}T` : `.${load.run.toLowerCase()}@`;
		simulator.faults.set({ kind: 'timeout', times: 1, accepted, match });
		const unsubscribe = this.recorder.subscribe((record) => {
			if (record.type === 'clear' || record.channel !== channel) return;
			const isTaken =
				record.type === 'message' || (record.type === 'refusal' && record.code === 'timeout');
			const isLast = !simulator.faults.list().some((fault) => fault.match === match);
			if (!isTaken || !isLast) return;
			if (!ticketsIn(record.raw).some((ticket) => runOf(ticket) === load.run)) return;
			unsubscribe();
			caught();
		});
	}

	/** Every message of this load. */
	received(run: string): readonly Received[] {
		return this.byRun.get(run) ?? [];
	}

	forget(run: string): void {
		this.byRun.delete(run);
	}

	private note(message: MessageRecord): void {
		const tickets = ticketsIn(message.payload);
		if (tickets.length === 0) return;
		const run = runOf(tickets[0]);
		const known = this.byRun.get(run) ?? [];
		this.byRun.set(run, [...known, ...message.to.map((to) => placed(message, to, tickets))]);
	}
}

const placed = (message: MessageRecord, to: string, tickets: string[]): Received => ({
	place: `${message.channel} ${to}`,
	tickets,
	text: JSON.stringify(message.payload),
});

const runOf = (ticket: string): string => ticket.slice(0, ticket.indexOf('T'));

/** The tickets that a payload names, each once; a message is about one load only. */
function ticketsIn(payload: unknown): string[] {
	return [...new Set(JSON.stringify(payload).match(/\bR\d+x\d+T\d+/g))];
}
