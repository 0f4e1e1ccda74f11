import type { Interaction } from '../events/delivery';
import type { PersonRef } from '../events/model';

/** What came of an answer: from ITSM Ticket, or from the permission check. */
export interface InteractionResult {
	status: (typeof STATUSES)[number];
	code?: string;
	message?: string;
	/** Nobody is told of it now. */
	quiet?: boolean;
	/** The ticket as it is now. */
	after?: { status?: string | null; assignee?: string | null; person?: PersonRef | null };
}

const STATUSES = ['done', 'unchanged', 'conflict', 'pending', 'failed', 'denied'] as const;

/** What came of an answer as its item tells: by ITSM Ticket, else by the permission check. */
export function resultOf(item: Interaction): InteractionResult {
	const result = item.result as InteractionResult | undefined;
	if (result && STATUSES.includes(result.status)) return result;
	const permission = item.permission as { allowed?: boolean; reason?: string } | undefined;
	// Never checked is not allowed.
	if (!permission?.allowed) return { status: 'denied', code: permission?.reason ?? 'not_checked' };
	return { status: 'done' };
}
