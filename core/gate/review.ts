import type { HeldEntry } from '../store/types';
import { blockedBy } from './blocked';
import type { GateCode } from './codes';
import { isMandatory, isUrgentNow, nextBatch } from './decide';
import type { GateView } from './types';

export type Review =
	| { then: 'go' }
	/** Urged for nothing: its window keeps it. */
	| { then: 'stay' }
	| {
			then: 'hold';
			kind: HeldEntry['kind'];
			until: number | null;
			reason: GateCode;
			facts: Record<string, unknown>;
	  };

/** Whether a held entry may go now, at its release; `closing` where it is that of its window. */
export function review(entry: HeldEntry, view: GateView, closing: boolean): Review {
	const { now } = view;
	const { event, decision, purpose } = entry.item;
	const person = view.preferenceOf(entry.user_id, entry.channel);
	const urgent = isUrgentNow(view.policy, event, view.ticketOf(entry.ticket_key));
	const mandatory = isMandatory(view.policy, event);
	const block = blockedBy(view, event, entry.ticket_key, person, { urgent, mandatory });
	// Late by a millisecond or by a day: the batch that it waited for has come.
	const batchCame = entry.kind === 'batch' && Date.parse(decision?.until ?? '') <= now;
	if (block) {
		// A batch whose time came in quiet hours goes at their end, not at the next batch time (RS8).
		const batchPassed = batchCame || decision?.facts?.batch_passed === true;
		return {
			then: 'hold',
			kind: block.kind,
			until: block.until,
			reason: block.reason as GateCode,
			facts: { ...block.facts, ...(batchPassed ? { batch_passed: true } : {}) },
		};
	}
	if (entry.kind === 'group' && !urgent && !closing) return { then: 'stay' };
	const waitsForBatch =
		!urgent &&
		!mandatory &&
		!batchCame &&
		// A step, a reminder, a repeat: decided as the gate decides them.
		purpose === 'first' &&
		(entry.kind === 'batch' || decision?.facts?.batch_passed !== true);
	// What something else has held waits for the batch that followed its arrival: where that has come, for none (RS8).
	const since = ['batch', 'group'].includes(entry.kind) ? now : Date.parse(entry.created_at);
	const batchAt = waitsForBatch ? nextBatch(entry.item, person, since) : undefined;
	if (batchAt === undefined || batchAt <= now) return { then: 'go' };
	const facts = { timezone: person.zone };
	return { then: 'hold', kind: 'batch', until: batchAt, reason: 'batch_scheduled', facts };
}
