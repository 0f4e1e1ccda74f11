/** Ways in which a simulator misbehaves on demand, towards whoever calls it. */
export const FAULT_KINDS = ['429', '5xx', 'timeout', 'reset', 'slow', 'reject_auth'] as const;
/** Ways in which its own callbacks go wrong: three times the same, proved by a wrong secret, a day old. */
export const CALLBACK_FAULT_KINDS = ['repeat', 'forge', 'stale'] as const;
export type CallbackFaultKind = (typeof CALLBACK_FAULT_KINDS)[number];
export type FaultKind = (typeof FAULT_KINDS)[number] | CallbackFaultKind;

const ALL_KINDS: readonly FaultKind[] = [...FAULT_KINDS, ...CALLBACK_FAULT_KINDS];

export interface Fault {
	kind: FaultKind;
	/** How many requests (or callbacks) it hits; without it, until cleared. */
	times?: number;
	/** `429`: the wait that the provider names, in seconds (default 1). */
	wait?: number;
	/** `5xx`: the status (default 503; SMTP 451). */
	status?: number;
	/** `slow`: the delay in milliseconds (default 2000). */
	ms?: number;
	/** `timeout`, `reset`: the message is taken first and only the answer is lost. */
	accepted?: boolean;
	/** Only requests whose path or body (SMTP: recipients) contains this text. */
	match?: string;
}

export interface Faults {
	set(...faults: Fault[]): void;
	clear(): void;
	list(): Fault[];
	/** The fault that hits this request, counted down; `kinds` are those that can hit here (default: those of requests). */
	take(target: string, kinds?: readonly FaultKind[]): Fault | undefined;
}

/** Reads a fault that came over HTTP; throws a plain Error that says what is wrong. */
export function parseFault(input: unknown): Fault {
	if (typeof input !== 'object' || input === null) throw new Error('a fault is an object');
	const fault = input as Fault;
	if (!ALL_KINDS.includes(fault.kind)) {
		throw new Error(`kind must be one of ${ALL_KINDS.join(', ')}`);
	}
	for (const name of ['times', 'wait', 'status', 'ms'] as const) {
		const value = fault[name];
		if (value !== undefined && !(Number.isFinite(value) && value >= 0)) {
			throw new Error(`${name} must be a number that is not negative`);
		}
	}
	return { ...fault };
}

export function createFaults(): Faults {
	let active: Fault[] = [];
	return {
		set(...faults) {
			active.push(...faults.map(parseFault));
		},
		clear() {
			active = [];
		},
		list: () => structuredClone(active),
		take(target, kinds = FAULT_KINDS) {
			const index = active.findIndex(
				(fault) =>
					kinds.includes(fault.kind) && (fault.match === undefined || target.includes(fault.match)),
			);
			if (index < 0) return undefined;
			const fault = active[index]!;
			if (fault.times !== undefined) {
				fault.times -= 1;
				if (fault.times <= 0) active.splice(index, 1);
			}
			return { ...fault };
		},
	};
}
