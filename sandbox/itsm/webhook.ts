import { createHmac, randomUUID } from 'node:crypto';

import type { Change, Comment, Ticket } from './model.ts';
import type { TicketStore } from './tickets.ts';

export interface WebhookTarget {
	url: string;
	/** Signs `<timestamp>.<body>` with HMAC-SHA256 in base64, as the shipped business rule does. */
	secret?: string;
	/** A fixed header instead: `{name: 'X-Itsm-Token', value: '…'}`. */
	headerToken?: { name: string; value: string };
}

export const SIGNATURE_HEADER = 'X-ServiceNow-Signature';
export const TIMESTAMP_HEADER = 'X-ServiceNow-Timestamp';

/** How a webhook went, for the page. */
export interface Firing {
	at: string;
	number: string;
	event: string;
	deliveryId: string;
	status?: number;
	error?: string;
	ms: number;
}

const TIMEOUT_MS = 10_000;

export const sign = (secret: string, timestamp: string, body: string): string =>
	createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('base64');

/** The body of the shipped ServiceNow template: native columns, every scalar a string. */
export function webhookBody(
	store: TicketStore,
	ticket: Ticket,
	change: Change,
	baseUrl: string,
): Record<string, unknown> {
	const person = (id: string): unknown => {
		const found = store.person(id);
		return found
			? { sys_id: found.sys_id, user_name: found.user_name, name: found.name, email: found.email }
			: null;
	};
	const group = store.groups.find((entry) => entry.sys_id === ticket.assignment_group);
	const named = (name: string): unknown => (name === '' ? null : { sys_id: '', name });
	const comment = (entry: Comment | undefined): unknown =>
		entry && {
			text: entry.text,
			author: person(entry.author) ?? entry.author,
			public: String(entry.public),
		};
	const previous = Object.fromEntries(
		Object.entries(change.previous).map(([field, value]) => [`previous_${field}`, value]),
	);
	return {
		event: change.event,
		table: 'incident',
		delivery_id: randomUUID(),
		sys_id: ticket.sys_id,
		number: ticket.number,
		short_description: ticket.short_description,
		description: ticket.description,
		state: ticket.state,
		priority: ticket.priority,
		urgency: ticket.urgency,
		impact: ticket.impact,
		...previous,
		assigned_to: person(ticket.assigned_to),
		caller_id: person(ticket.caller_id),
		assignment_group: group ?? null,
		cmdb_ci: named(ticket.cmdb_ci),
		business_service: named(ticket.business_service),
		category: ticket.category,
		comment: comment(change.comment) ?? null,
		due_date: ticket.due_date,
		sla_due: ticket.sla_due,
		sys_created_on: ticket.sys_created_on,
		sys_updated_on: ticket.sys_updated_on,
		sys_updated_by: ticket.sys_updated_by,
		sys_mod_count: String(ticket.sys_mod_count),
		url: `${baseUrl}/nav_to.do?uri=${encodeURIComponent(`incident.do?sys_id=${ticket.sys_id}`)}`,
	};
}

/** Sends once: ServiceNow's script has no retry. */
export async function fireWebhook(
	target: WebhookTarget,
	body: Record<string, unknown>,
): Promise<Firing> {
	const text = JSON.stringify(body);
	const headers: Record<string, string> = {
		'content-type': 'application/json',
		accept: 'application/json',
	};
	if (target.headerToken) headers[target.headerToken.name] = target.headerToken.value;
	if (target.secret) {
		const timestamp = String(Math.floor(Date.now() / 1000));
		headers[TIMESTAMP_HEADER] = timestamp;
		headers[SIGNATURE_HEADER] = sign(target.secret, timestamp, text);
	}
	const started = Date.now();
	const firing: Firing = {
		at: new Date(started).toISOString(),
		number: String(body['number']),
		event: String(body['event']),
		deliveryId: String(body['delivery_id']),
		ms: 0,
	};
	try {
		const signal = AbortSignal.timeout(TIMEOUT_MS);
		const response = await fetch(target.url, { method: 'POST', headers, body: text, signal });
		await response.arrayBuffer();
		firing.status = response.status;
	} catch (error) {
		const cause = (error as Error).cause as { code?: string } | undefined;
		firing.error = cause?.code ?? (error as Error).message;
	}
	firing.ms = Date.now() - started;
	return firing;
}
