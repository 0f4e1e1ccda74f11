import { eventSchema, type NotificationEvent } from '../events/model';
import { CHANNEL_IDS } from '../events/delivery';
import { ledgerRow } from '../gate/rows';
import { runGate } from '../gate/run';
import type { Policy } from '../preferences/policy';
import { resolveEvents } from '../preferences/resolve';
import type { Store } from '../store/types';
import { policyReader } from './tick';

export interface OwnerNews {
	/** Names the cause: it is told once an hour. */
	cause: string;
	title: string;
	description: string;
}

const HOUR_MS = 3_600_000;

/** An event of our own (RN4): type system_failure, source itsm-notify. */
export function ownEvent({ cause, title, description }: OwnerNews, now: number): NotificationEvent {
	return eventSchema.parse({
		event_id: `itsm-notify:${cause}:${now}`,
		event_type: 'system_failure',
		timestamp: new Date(now).toISOString(),
		source: 'itsm-notify',
		content: { ticket_id: cause, ticket_title: title, priority: 'High', description },
	});
}

/**
 * Tells the operators of the policy what they should look at, once per cause and hour. What goes out waits in the
 * ledger for the Release Trigger. Returns how many deliveries were made; 0 also where nobody is an operator.
 */
export async function tellOperators(store: Store, news: OwnerNews, now: number): Promise<number> {
	const policy = await policyReader(store)(null);
	if (policy.routing.operators.length === 0) return 0;
	// One step: whoever dies between the mark and the message would keep it from them for an hour.
	return store.exclusive([`told:${news.cause}`], (tx) => tell(tx, news, policy, now));
}

async function tell(store: Store, news: OwnerNews, policy: Policy, now: number): Promise<number> {
	const nowIso = new Date(now).toISOString();
	const first = await store.shared.once(
		`told:${news.cause}`,
		nowIso,
		new Date(now + HOUR_MS).toISOString(),
	);
	if (!first) return 0;
	const toOperators: Policy = {
		...policy,
		routing: {
			...policy.routing,
			recipients: { ...policy.routing.recipients, system_failure: ['operators'] },
		},
	};
	const event = ownEvent(news, now);
	const { deliveries } = await resolveEvents([event], {
		store,
		policy: toOperators,
		now: new Date(now),
		knownChannels: CHANNEL_IDS,
	});
	const { send } = await runGate(store, deliveries, { policy, policyId: null, now });
	const rows = send.map((d) => ledgerRow(d, nowIso, { stage: 'due', due_at: nowIso, rank: 0 }));
	if (rows.length > 0) await store.deliveries.insert(rows, { overwrite: true });
	return rows.length;
}
