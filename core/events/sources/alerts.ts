import { createHash } from 'node:crypto';

import { readPriority } from '../priority';
import { isRecord, list, own, record, text, type Json } from '../read/paths';
import { plain, title } from '../read/text';
import { iso } from '../read/time';
import { link, notAnEvent, type Draft } from '../source';
import type { SourceId } from '../source-ids';

/** One alert of a group: its own labels over those of the group. */
export interface Alert {
	alert: Json;
	labels: Json;
	annotations: Json;
	body: unknown;
}

/** What Alertmanager and Grafana do differently with the same kind of body. */
export interface AlertDialect {
	id: SourceId;
	name(alert: Alert): string | undefined;
	url(alert: Alert): string | undefined;
	group(labels: Json): string | undefined;
}

/** Where the sender gives no fingerprint: the same labels are the same alert. */
function fingerprintOf(labels: Json): string | undefined {
	const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
	if (pairs.length === 0) return undefined;
	return createHash('sha256').update(JSON.stringify(pairs)).digest('hex').slice(0, 16);
}

const isSecurity = (labels: Json): boolean =>
	['category', 'type', 'team'].some((key) => text(labels, key)?.toLowerCase() === 'security');

function draftOf(dialect: AlertDialect, alert: Alert, index: number): Draft {
	const { labels, annotations } = alert;
	const ticketId = text(alert.alert, 'fingerprint') ?? fingerprintOf(labels);
	if (ticketId === undefined)
		throw notAnEvent(
			dialect.id,
			[`alerts.${index}.fingerprint`, `alerts.${index}.labels`],
			'alert',
		);
	const isOver = (text(alert.alert, 'status') ?? text(alert.body, 'status')) === 'resolved';
	const startsAt = text(alert.alert, 'startsAt') ?? '';
	const alarm = isSecurity(labels) ? 'security_alert' : 'system_failure';
	return {
		// A repeated notification of the same firing alert is the same event; its end is another one.
		eventId: `${dialect.id}:${ticketId}:${isOver ? 'resolved' : 'firing'}:${startsAt}`,
		facts: [
			isOver
				? { type: 'ticket_resolved', field: 'status', from: 'firing', to: 'resolved' }
				: { type: alarm },
		],
		at: isOver ? iso(own(alert.alert, 'endsAt')) : startsAt,
		ticketId,
		content: {
			ticket_title: title(text(annotations, 'summary', 'title')) ?? title(dialect.name(alert)),
			description: plain(text(annotations, 'description', 'message')),
			...readPriority(dialect.id, own(labels, 'severity')),
			status: isOver ? 'resolved' : 'new',
			previous_status: isOver ? 'new' : undefined,
			url: dialect.url(alert),
			group: dialect.group(labels),
		},
		context: {
			related_cis: [text(labels, 'instance', 'host', 'hostname', 'node', 'pod')],
			impacted_services: [text(labels, 'service', 'job', 'instance')],
		},
	};
}

/** One draft per alert of a group: a group that fires may hold alerts that are over. */
export function alertDrafts(dialect: AlertDialect, body: unknown): Draft[] {
	const alerts = own(body, 'alerts');
	if (!Array.isArray(alerts)) throw notAnEvent(dialect.id, ['alerts'], 'list of alerts');
	return list(alerts).map((entry, index) => {
		if (!isRecord(entry)) throw notAnEvent(dialect.id, [`alerts.${index}`], 'alert');
		const labels = { ...record(body, 'commonLabels'), ...record(entry, 'labels') };
		const annotations = { ...record(body, 'commonAnnotations'), ...record(entry, 'annotations') };
		return draftOf(dialect, { alert: entry, labels, annotations, body }, index);
	});
}

/** The first of several texts that is a link. */
export const firstLink = (...values: Array<string | undefined>): string | undefined =>
	values.map((value) => link(value)).find((value) => value !== undefined);
