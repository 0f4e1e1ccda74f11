// People, events and deliveries of the tests.
import type { IDataObject } from 'n8n-workflow';

type Json = Record<string, unknown>;

export const JOHN = {
	user_id: 'john',
	username: 'john.doe',
	notification_preferences: {
		channels: ['slack', 'email'],
		slack: { userid: 'U0JOHN', frequency: 'immediate', categories: ['all'] },
		email: { address: 'john@example.test', frequency: 'immediate', categories: ['all'] },
	},
	timezone: 'America/New_York',
	language: 'en',
};

export const WEI = {
	user_id: 'wei',
	username: 'wei.zhang',
	notification_preferences: {
		channels: ['wecom', 'email'],
		wecom: { userid: 'ZhangWei', frequency: 'immediate', categories: ['all'] },
		email: { address: 'wei@example.test', frequency: 'immediate', categories: ['all'] },
	},
	timezone: 'Asia/Shanghai',
	language: 'zh-CN',
};

/** Somebody with one channel only. */
export const person = (user_id: string, channel: string, address: Json, more: Json = {}): Json => ({
	user_id,
	notification_preferences: { channels: [channel], [channel]: { ...address, categories: ['all'] } },
	timezone: 'UTC',
	language: 'en',
	...more,
});

let count = 0;

/** An event item; `content` is merged. */
export function event(type = 'ticket_assigned', content: Json = {}, more: Json = {}): IDataObject {
	const number = ++count;
	return {
		event_id: `event-${number}`,
		event_type: type,
		timestamp: new Date().toISOString(),
		source: 'test',
		content: {
			ticket_id: `INC-${number}`,
			ticket_title: `Ticket ${number}`,
			priority: 'Medium',
			status: 'assigned',
			assignee: 'john',
			...content,
		},
		context: { related_cis: [], impacted_services: [] },
		...more,
	} as IDataObject;
}

/** A delivery item to John on Slack. */
export function delivery(more: Json = {}, of: IDataObject = event()): IDataObject {
	return {
		delivery_id: `d_${of.event_id}_${String(more.channel ?? 'slack')}`,
		event: of,
		recipient: { user_id: 'john', username: 'john.doe', language: 'en', timezone: 'UTC' },
		channel: 'slack',
		address: { userid: 'U0JOHN' },
		purpose: 'first',
		strategy: 'standard',
		fallback: [],
		...more,
	} as IDataObject;
}
