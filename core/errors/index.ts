/**
 * The one error of the domain: a stable `code`, the path of the field at fault and how to mend it.
 * `status` is what an HTTP face answers (400 unreadable, 401 unverified, 413 too large).
 */
export class ItsmNotifyError extends Error {
	readonly code: string;
	readonly field?: string;
	readonly fix?: string;
	readonly status?: number;
	readonly details?: Record<string, unknown>;

	constructor(
		code: string,
		message: string,
		extra: {
			field?: string;
			fix?: string;
			status?: number;
			details?: Record<string, unknown>;
			cause?: unknown;
		} = {},
	) {
		super(message, extra.cause === undefined ? undefined : { cause: extra.cause });
		this.name = 'ItsmNotifyError';
		this.code = code;
		this.field = extra.field;
		this.fix = extra.fix;
		this.status = extra.status;
		this.details = extra.details;
	}
}

/** The message of anything that was thrown, without a stack. */
export const messageOf = (error: unknown): string =>
	error instanceof Error ? error.message : String(error);

export type Caught<T> = { ok: true; value: T } | { ok: false; error: ItsmNotifyError };

/** Runs `work` and gives back a domain error instead of throwing it; anything else is a fault and goes on up. */
export function caught<T>(work: () => T): Caught<T> {
	let failure: unknown;
	try {
		return { ok: true, value: work() };
	} catch (error) {
		failure = error;
	}
	return asCaught(failure);
}

/** As caught, for asynchronous work. */
export async function caughtAsync<T>(work: () => Promise<T>): Promise<Caught<T>> {
	return work().then(
		(value) => ({ ok: true as const, value }),
		(error: unknown) => asCaught(error),
	);
}

function asCaught(error: unknown): { ok: false; error: ItsmNotifyError } {
	if (error instanceof ItsmNotifyError) return { ok: false, error };
	throw error;
}
