import type { Fact } from '../facts';
import type { TicketStatus } from '../model';
import { person } from '../people';
import { isRaised, readPriority } from '../priority';
import { isRecord, list, own, str, text, type Json } from '../read/paths';
import { plain, title } from '../read/text';
import { instant } from '../read/time';
import { link, notAnEvent, type Source } from '../source';
import { parseJson } from '../json';

/** A macro that does not apply stays as its own name or becomes `*UNKNOWN*`: both mean "no value". */
function macro(body: unknown, ...names: string[]): string | undefined {
	for (const name of names) {
		const value = str(own(body, name));
		if (value !== undefined && value !== '*UNKNOWN*' && !/^\{[$A-Z][A-Z0-9_.$]*\}$/.test(value))
			return value;
	}
	return undefined;
}

/** Tags come as JSON text inside a string: `[{"tag":"scope","value":"security"}]`. */
function tagsOf(body: unknown): Array<{ tag: string; value: string }> {
	const source = macro(body, 'event_tags');
	let parsed: unknown = own(body, 'event_tags');
	try {
		if (source !== undefined) parsed = parseJson(source);
	} catch {
		return [];
	}
	const entries = Array.isArray(parsed)
		? list(parsed)
		: isRecord(parsed)
			? Object.entries(parsed).map(([tag, value]) => ({ tag, value }))
			: [];
	return entries.map((entry) => ({
		tag: text(entry, 'tag') ?? '',
		value: text(entry, 'value') ?? '',
	}));
}

function factsOf(body: Json, isSecurity: boolean): Fact[] {
	const isProblem = macro(body, 'event_value') !== '0';
	if (macro(body, 'event_update_status') !== '1') {
		if (!isProblem)
			return [{ type: 'ticket_resolved', field: 'status', from: 'problem', to: 'recovered' }];
		return [{ type: isSecurity ? 'security_alert' : 'system_failure' }];
	}
	const action = (macro(body, 'event_update_action') ?? '').toLowerCase();
	const facts: Fact[] = [];
	if (/\bclosed\b/.test(action)) facts.push({ type: 'ticket_closed' });
	if (action.includes('changed severity')) {
		const [, from, to] =
			/changed severity from (.{1,40}?) to ([a-z ]{1,40}?)(?:,|$| and )/.exec(action) ?? [];
		facts.push({
			type: isRaised('zabbix', from, to) ? 'ticket_escalated' : 'ticket_updated',
			field: 'priority',
			from,
			to,
		});
	}
	if (/acknowledged/.test(action)) facts.push({ type: 'status_update' });
	if (/commented|message/.test(action) || macro(body, 'event_update_message'))
		facts.push({ type: 'ticket_comment' });
	return facts.length ? facts : [{ type: 'ticket_updated' }];
}

function statusOf(body: Json, facts: Fact[]): TicketStatus {
	if (facts.some((fact) => fact.type === 'ticket_closed')) return 'closed';
	if (macro(body, 'event_value') === '0') return 'resolved';
	const action = (macro(body, 'event_update_action') ?? '').toLowerCase();
	if (/unacknowledged/.test(action)) return 'new';
	return macro(body, 'event_ack')?.toLowerCase() === 'yes' || /acknowledged/.test(action)
		? 'in_progress'
		: 'new';
}

/** Two moments of one problem differ in these; the same message again does not. */
function deliveryOf(body: Json, eventId: string): string {
	const parts = [
		eventId,
		macro(body, 'event_value') ?? '1',
		macro(body, 'event_update_status') ?? '0',
	];
	const at = [
		macro(body, 'event_update_date', 'event_recovery_date', 'event_date'),
		macro(body, 'event_update_time', 'event_recovery_time', 'event_time'),
	];
	return `zabbix:${[...parts, ...at.map((part) => part ?? '')].join(':')}`;
}

/** Zabbix media type "Webhook" with the parameters of docs/sources.md; the ticket is the problem's event. */
export const zabbix: Source = {
	id: 'zabbix',
	detect: ({ body }) =>
		str(own(body, 'event_id')) !== undefined && str(own(body, 'event_value')) !== undefined,
	toDrafts({ body, baseUrl }) {
		const eventId = macro(body, 'event_id');
		if (eventId === undefined || !isRecord(body))
			throw notAnEvent('zabbix', ['event_id'], 'event id');
		const tags = tagsOf(body);
		const isSecurity = tags.some(
			({ tag, value }) => /^(scope|class)$/i.test(tag) && value.toLowerCase() === 'security',
		);
		const facts = factsOf(body, isSecurity);
		const isUpdate = macro(body, 'event_update_status') === '1';
		const actor = isUpdate ? person({ name: macro(body, 'event_update_user') }) : undefined;
		const note = isUpdate ? plain(macro(body, 'event_update_message')) : undefined;
		const root = macro(body, 'zabbix_url')?.replace(/\/+$/, '') ?? baseUrl;
		const trigger = macro(body, 'trigger_id');
		const page = `tr_events.php?triggerid=${encodeURIComponent(trigger ?? '')}&eventid=${encodeURIComponent(eventId)}`;
		const service = tags.find(({ tag }) => /^service$/i.test(tag))?.value;
		return [
			{
				// Updates of one second share date and time: without a time of update the body's hash is surer.
				eventId:
					isUpdate && !macro(body, 'event_update_time') ? undefined : deliveryOf(body, eventId),
				facts,
				// event_date and event_time are in the server's own zone, which nobody tells us.
				at: instant(macro(body, 'event_timestamp')),
				ticketId: eventId,
				content: {
					ticket_title: title(macro(body, 'event_name', 'subject', 'trigger_description')),
					description: plain(macro(body, 'message', 'event_opdata', 'trigger_description')),
					...readPriority('zabbix', macro(body, 'event_severity'), macro(body, 'event_nseverity')),
					status: statusOf(body, facts),
					previous_status: facts[0].type === 'ticket_resolved' ? 'new' : undefined,
					url: root && trigger ? link(`${root}/${page}`) : undefined,
					group: macro(body, 'host_group'),
					comment: note === undefined ? undefined : { author: actor, text: note, public: false },
				},
				context: {
					actor,
					related_cis: [macro(body, 'host_name') ?? macro(body, 'host_ip')],
					impacted_services: [service],
				},
			},
		];
	},
};
