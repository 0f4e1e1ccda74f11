/** What a message looks like to its reader, the same for every channel. */
export interface RenderedButton {
	label: string;
	action?: string;
	value?: string;
	url?: string;
	style?: string;
}

export interface Rendered {
	title?: string;
	text: string;
	fields?: { label: string; value: string }[];
	buttons?: RenderedButton[];
}

/** `update` and `delete` name the earlier message by `ref`. */
export type MessageKind = 'post' | 'update' | 'delete' | 'ephemeral';

export interface MessageRecord {
	type: 'message';
	seq: number;
	at: string;
	channel: string;
	kind: MessageKind;
	/** The provider's own id of the message: Slack `channel:ts`, WeCom `msgid`, Message-ID. */
	ref: string;
	/** Address in the channel's own terms: a user id, a mail address, a chat. */
	to: string[];
	sender?: string;
	payload: unknown;
	rendered: Rendered;
	/** The request as it came, for the raw view. */
	raw: unknown;
}

export interface RefusalRecord {
	type: 'refusal';
	seq: number;
	at: string;
	channel: string;
	/** HTTP status or SMTP code. */
	status: number;
	/** The provider's own error code. */
	code: string;
	why: string;
	to?: string[];
	raw: unknown;
}

/** What a person did in the app, and what the receiver of the callback answered. */
export interface AnswerRecord {
	type: 'answer';
	seq: number;
	at: string;
	channel: string;
	/** Who did it, as an address: their conversation. */
	to: string[];
	/** The words of the button, or the text. */
	said: string;
	/** The message that was pressed or answered. */
	ref?: string;
	/** The fault switch that spoiled it: `repeat`, `forge`, `stale`. */
	fault?: string;
	/** HTTP status of each try, the last being the provider's verdict. */
	statuses: number[];
	/** The body of the last answer. */
	answer: string;
	/** Whether the provider takes it as done. */
	ok: boolean;
	raw: unknown;
}

export type SimulatorRecord = MessageRecord | RefusalRecord | AnswerRecord;
export type MessageInput = Omit<MessageRecord, 'type' | 'seq' | 'at' | 'kind'> & {
	kind?: MessageKind;
};
export type RefusalInput = Omit<RefusalRecord, 'type' | 'seq' | 'at'>;
export type AnswerInput = Omit<AnswerRecord, 'type' | 'seq' | 'at'>;

export interface RecordQuery {
	type?: SimulatorRecord['type'];
	channel?: string;
	to?: string;
	/** Only what came after this sequence number. */
	after?: number;
}

export interface Recorder {
	message(input: MessageInput): MessageRecord | undefined;
	refusal(input: RefusalInput): RefusalRecord | undefined;
	answer(input: AnswerInput): AnswerRecord | undefined;
	/** Oldest first. */
	query(query?: RecordQuery): SimulatorRecord[];
	messages(query?: Omit<RecordQuery, 'type'>): MessageRecord[];
	refusals(query?: Omit<RecordQuery, 'type'>): RefusalRecord[];
	answers(query?: Omit<RecordQuery, 'type'>): AnswerRecord[];
	/** How many were seen per channel, also in the count-only mode. */
	counts(): Record<string, { messages: number; refusals: number }>;
	subscribe(listener: (record: SimulatorRecord | { type: 'clear' }) => void): () => void;
	clear(): void;
	/** The first message for which the predicate holds, one already recorded or one to come. */
	waitFor(
		predicate: (record: MessageRecord) => boolean,
		timeoutMs?: number,
	): Promise<MessageRecord>;
	/** As `waitFor`, for refusals. */
	waitForRefusal(
		predicate: (record: RefusalRecord) => boolean,
		timeoutMs?: number,
	): Promise<RefusalRecord>;
	/** Resolves when `count` messages fulfil the predicate. */
	waitForCount(
		count: number,
		predicate?: (record: MessageRecord) => boolean,
		timeoutMs?: number,
	): Promise<MessageRecord[]>;
	/** For benchmarks: true counts and keeps nothing. */
	countOnly: boolean;
}

export interface RecorderOptions {
	/** Older records are dropped above this number. */
	limit?: number;
	countOnly?: boolean;
	now?: () => Date;
}

const describe = (records: SimulatorRecord[]): string =>
	records
		.slice(-10)
		.map((record) => `#${record.seq} ${record.channel} ${inWords(record)}`)
		.join('\n  ');

function inWords(record: SimulatorRecord): string {
	if (record.type === 'refusal') return `REFUSED ${record.code}: ${record.why}`;
	if (record.type === 'answer')
		return `<- ${record.to.join(',')}: ${record.said} (${record.statuses.join(', ')})`;
	return `-> ${record.to.join(',')}: ${record.rendered.title ?? record.rendered.text}`;
}

const matches = (record: SimulatorRecord, query: RecordQuery): boolean =>
	(query.type === undefined || record.type === query.type) &&
	(query.channel === undefined || record.channel === query.channel) &&
	(query.to === undefined || (record.to ?? []).includes(query.to)) &&
	(query.after === undefined || record.seq > query.after);

export function createRecorder(options: RecorderOptions = {}): Recorder {
	const limit = options.limit ?? 5000;
	const now = options.now ?? (() => new Date());
	const records: SimulatorRecord[] = [];
	const listeners = new Set<(record: SimulatorRecord | { type: 'clear' }) => void>();
	let counts: Record<string, { messages: number; refusals: number }> = {};
	let seq = 0;

	const count = (channel: string, what: 'messages' | 'refusals'): void => {
		counts[channel] ??= { messages: 0, refusals: 0 };
		counts[channel][what] += 1;
	};

	const keep = <T extends SimulatorRecord>(record: T): T => {
		records.push(record);
		if (records.length > limit) records.splice(0, records.length - limit);
		for (const listener of listeners) listener(record);
		return record;
	};

	const recorder: Recorder = {
		countOnly: options.countOnly ?? false,

		message(input) {
			count(input.channel, 'messages');
			if (recorder.countOnly) return undefined;
			seq += 1;
			return keep({ type: 'message', seq, at: now().toISOString(), kind: 'post', ...input });
		},

		refusal(input) {
			count(input.channel, 'refusals');
			if (recorder.countOnly) return undefined;
			seq += 1;
			return keep({ type: 'refusal', seq, at: now().toISOString(), ...input });
		},

		answer(input) {
			if (recorder.countOnly) return undefined;
			seq += 1;
			return keep({ type: 'answer', seq, at: now().toISOString(), ...input });
		},

		query: (query = {}) => records.filter((record) => matches(record, query)),
		messages: (query = {}) => recorder.query({ ...query, type: 'message' }) as MessageRecord[],
		refusals: (query = {}) => recorder.query({ ...query, type: 'refusal' }) as RefusalRecord[],
		answers: (query = {}) => recorder.query({ ...query, type: 'answer' }) as AnswerRecord[],
		counts: () => structuredClone(counts),

		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},

		clear() {
			records.length = 0;
			counts = {};
			for (const listener of listeners) listener({ type: 'clear' });
		},

		async waitFor(predicate, timeoutMs = 10_000) {
			return (await recorder.waitForCount(1, predicate, timeoutMs))[0]!;
		},

		async waitForRefusal(predicate, timeoutMs = 10_000) {
			return (
				await settle(() => recorder.refusals().filter(predicate), 1, timeoutMs, 'refusal')
			)[0]!;
		},

		waitForCount(wanted, predicate = () => true, timeoutMs = 10_000) {
			return settle(() => recorder.messages().filter(predicate), wanted, timeoutMs, 'message');
		},
	};

	function settle<T>(
		find: () => T[],
		wanted: number,
		timeoutMs: number,
		what: string,
	): Promise<T[]> {
		return new Promise((resolve, reject) => {
			const done = (): boolean => {
				const found = find();
				if (found.length < wanted) return false;
				stop();
				resolve(found);
				return true;
			};
			const timer = setTimeout(() => {
				stop();
				const seen = records.length > 0 ? `; seen:\n  ${describe(records)}` : '; nothing was seen';
				reject(new Error(`${find().length} of ${wanted} ${what}(s) after ${timeoutMs} ms${seen}`));
			}, timeoutMs);
			const unsubscribe = recorder.subscribe(() => void done());
			const stop = (): void => {
				clearTimeout(timer);
				unsubscribe();
			};
			done();
		});
	}

	return recorder;
}
