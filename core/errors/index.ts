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
		extra: { field?: string; fix?: string; status?: number; details?: Record<string, unknown>; cause?: unknown } = {},
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
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
