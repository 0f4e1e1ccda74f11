import { createHash } from 'node:crypto';

import { handOut } from '../../core/engine';
import { parseDelivery, type Delivery } from '../../core/events';
import type { Store } from '../../core/store';

/** For a test run in the editor: copies of what is due, taken from nobody, else one sample to build with. */
export async function sampleOrDue(store: Store, now: Date): Promise<Delivery[]> {
	const rows = (await store.deliveries.list({ status: 'pending', limit: 50 })).filter(
		(row) => row.stage === 'due' && row.due_at !== null && row.due_at <= now.toISOString(),
	);
	const copies = (await handOut(store, rows)).map((d) => ({
		...d,
		test: true,
		delivery_id: testId(d.delivery_id, now),
	}));
	return copies.length > 0 ? copies : [sample(now)];
}

const testId = (id: string, now: Date): string =>
	`d_test_${createHash('sha256').update(`${id}|${now.getTime()}`).digest('hex').slice(0, 24)}`;

function sample(now: Date): Delivery {
	const timestamp = now.toISOString();
	return parseDelivery({
		delivery_id: testId('sample', now),
		event: {
			event_id: 'sample',
			event_type: 'ticket_assigned',
			timestamp,
			source: 'sample',
			content: {
				ticket_id: 'INC-001234',
				ticket_title: 'CPU of web-server-01 above 90 %',
				priority: 'High',
				status: 'assigned',
				assignee: 'user-001',
			},
		},
		recipient: {
			user_id: 'user-001',
			username: 'john.doe',
			language: 'en',
			timezone: 'UTC',
			role: 'assignee',
		},
		channel: 'email',
		address: { address: 'john.doe@example.com' },
		decision: { action: 'send', reason: 'batch_scheduled' },
		test: true,
	});
}
