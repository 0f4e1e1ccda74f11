/** Ways in which a simulator misbehaves on demand. */
export const FAULT_KINDS = ['429', '5xx', 'timeout', 'reset', 'slow', 'reject_auth'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
	kind: FaultKind;
	/** How many requests it hits; without it, until cleared. */
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
	/** The fault that hits this request, counted down; `kinds` are those that can hit here. */
	take(target: string, kinds?: readonly FaultKind[]): Fault | undefined;
}

/** Reads a fault that came over HTTP; throws a plain Error that says what is wrong. */
export function parseFault(input: unknown): Fault {
	if (typeof input !== 'object' || input === null) throw new Error('a fault is an object');
	const fault = input as Fault;
	if (!FAULT_KINDS.includes(fault.kind)) {
		throw new Error(`kind must be one of ${FAULT_KINDS.join(', ')}`);
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
