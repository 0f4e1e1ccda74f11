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

export class Providers {
	private constructor(
		readonly recorder: Recorder,
		private readonly slack: Simulator,
		private readonly email: EmailSimulator,
	) {}

	static async open(): Promise<Providers> {
		const recorder = createRecorder({ limit: 1_000_000 });
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

	/** The first message about this ticket is answered 503. */
	stumble(ticket: string): void {
		this.slack.faults.set({ kind: '5xx', times: 1, match: ticket });
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
			if (!isTaken || !isLast || ticketsIn(record.raw, load.run).length === 0) return;
			unsubscribe();
			caught();
		});
	}

	/** Every message of this load: where it arrived and what it tells of. */
	received(run: string): Array<{ place: Place; tickets: string[]; message: MessageRecord }> {
		return this.recorder.messages().flatMap((message) => {
			const tickets = ticketsIn(message.payload, run);
			if (tickets.length === 0) return [];
			return message.to.map((to) => ({ place: `${message.channel} ${to}`, tickets, message }));
		});
	}
}

/** The tickets of a load that a payload names, each once. */
function ticketsIn(payload: unknown, run: string): string[] {
	const found = JSON.stringify(payload).match(new RegExp(`\\b${run}T\\d+`, 'g')) ?? [];
	return [...new Set(found)];
}
