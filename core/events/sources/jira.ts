import { jiraFacts, jiraStatus } from './jira-facts';
import { groupOf, peopleOf, personOf, type PersonPaths } from '../people';
import { readPriority } from '../priority';
import { header } from '../read/headers';
import { at, isRecord, list, own, record, str, text, type Json } from '../read/paths';
import { plain, title } from '../read/text';
import { earliest } from '../read/time';
import { link, notAnEvent, type Draft, type Source } from '../source';
import { nearestStatus } from '../status';
import { verbFacts } from '../verbs';

/** Cloud has accountId and hides mails; Data Center's `name` is the login. */
const USER: PersonPaths = {
	id: ['accountId', 'key', 'id'],
	login: ['name', 'login', 'username'],
	email: ['emailAddress', 'email'],
	name: ['displayName'],
};
const ID_PATHS = [
	'issue.id',
	'issue.key',
	'id',
	'key',
	'comment.self',
	'worklog.issueId',
	'issueLink.sourceIssueId',
];

/** The issue of a webhook, or the bare REST issue of an automation ("issue data"). */
const issueOf = (body: unknown): Json =>
	isRecord(own(body, 'fields')) ? (body as Json) : record(body, 'issue');

function urlOf(
	self: string | undefined,
	key: string | undefined,
	baseUrl?: string,
): string | undefined {
	if (!key) return undefined;
	const root =
		self && /^https?:/i.test(self) && self.includes('/rest/')
			? self.slice(0, self.indexOf('/rest/'))
			: baseUrl;
	return root === undefined ? undefined : link(`${root}/browse/${encodeURIComponent(key)}`);
}

/** JSM keeps each SLA in a custom field: `{name, ongoingCycle, completedCycles}`. */
const cyclesOf = (fields: Json): Json[] =>
	Object.values(fields)
		.map((value) => own(value, 'ongoingCycle'))
		.filter(isRecord);

/** People who may decide, from JSM's approvals field: `[{approvers: [{approver: user}]}]`. */
function approversOf(fields: Json) {
	const entries = Object.values(fields)
		.flatMap(list)
		.flatMap((approval) => list(own(approval, 'approvers')));
	return peopleOf(
		entries.map((entry) => own(entry, 'approver') ?? entry),
		USER,
	);
}

function commentOf(body: unknown) {
	const comment = own(body, 'comment');
	// A deleted comment must not be spread by its own deletion.
	if (!isRecord(comment) || own(body, 'webhookEvent') === 'comment_deleted') return undefined;
	const words = plain(own(comment, 'body'), 'wiki');
	if (words === undefined) return undefined;
	const shown = own(comment, 'jsdPublic');
	const author = personOf(own(comment, 'updateAuthor') ?? own(comment, 'author'), USER);
	return { author, text: words, ...(typeof shown === 'boolean' ? { public: shown } : {}) };
}

/** A body that an automation rule's admin wrote (docs/sources.md): flat, with our `event` words. */
function fromTemplate(body: Json, key: string, baseUrl?: string): Draft {
	const status = nearestStatus(own(body, 'status'));
	const previous = nearestStatus(own(body, 'previous_status'));
	const words = plain(own(body, 'comment'), 'wiki');
	return {
		facts: verbFacts({ verb: own(body, 'event'), status, previous }),
		ticketId: text(body, 'id') ?? key,
		content: {
			ticket_title: title(own(body, 'summary')),
			description: plain(own(body, 'description'), 'wiki'),
			...readPriority('jira', own(body, 'priority')),
			number: key,
			status,
			previous_status: previous,
			url: link(text(body, 'url')) ?? urlOf(undefined, key, baseUrl),
			assignee: personOf(own(body, 'assignee')),
			requester: personOf(own(body, 'reporter') ?? own(body, 'requester')),
			watchers: peopleOf(own(body, 'watchers')),
			approvers: peopleOf(own(body, 'approvers')),
			group: groupOf(own(body, 'group')),
			comment: words === undefined ? undefined : { text: words },
		},
		context: { actor: personOf(own(body, 'actor')) },
		at: own(body, 'timestamp') ?? own(body, 'updated'),
		eventId: text(body, 'delivery_id'),
	};
}

/** Jira Service Management, Cloud and Data Center: admin webhooks, automation rules. */
export const jira: Source = {
	id: 'jira',
	detect: ({ body, headers }) =>
		str(own(body, 'webhookEvent')) !== undefined ||
		// An automation's "issue data" is the bare REST issue.
		(isRecord(own(body, 'fields')) && /^[A-Z]\w*-\d+$/.test(text(body, 'key') ?? '')) ||
		header(headers, 'x-atlassian-webhook-identifier') !== undefined,
	toDrafts({ body, headers, baseUrl }) {
		const issue = issueOf(body);
		const fields = record(issue, 'fields');
		const isTemplate = !own(body, 'webhookEvent') && !own(body, 'issue') && issue !== body;
		const templateKey = text(body, 'key', 'issue_key');
		if (isTemplate && isRecord(body) && templateKey)
			return [fromTemplate(body, templateKey, baseUrl)];
		// Data Center sends comment_created without its issue: the comment's own link holds the id.
		const self = text(body, 'comment.self');
		const ticketId =
			text(issue, 'id', 'key') ??
			/\/issue\/(\d+)\//.exec(self ?? '')?.[1] ??
			text(body, 'worklog.issueId', 'issueLink.sourceIssueId');
		if (ticketId === undefined) throw notAnEvent('jira', ID_PATHS);
		const { facts, previous } = jiraFacts(body, fields, cyclesOf(fields));
		const key = text(issue, 'key');
		const comment = commentOf(body);
		const project = record(fields, 'project');
		const commentId = text(body, 'comment.id');
		// A comment beside other news (a transition) does not make those the same.
		const isOnlyComment =
			commentId !== undefined &&
			facts.every(({ type }) => type === 'ticket_comment' || type === 'ticket_updated');
		return [
			{
				eventId: header(headers, 'x-atlassian-webhook-identifier'),
				dedupeKey: isOnlyComment
					? `jira:comment:${commentId}:${text(body, 'comment.updated', 'comment.created') ?? ''}`
					: undefined,
				facts,
				at: own(body, 'timestamp') ?? own(fields, 'updated'),
				ticketId,
				content: {
					ticket_title: title(own(fields, 'summary')),
					description: plain(own(fields, 'description'), 'wiki'),
					...readPriority('jira', at(fields, 'priority.name'), own(fields, 'priority')),
					number: key,
					status: jiraStatus(fields),
					previous_status: previous,
					url: urlOf(text(issue, 'self'), key, baseUrl) ?? urlOf(self, key, baseUrl),
					assignee: personOf(own(fields, 'assignee'), USER),
					requester: personOf(own(fields, 'reporter'), USER),
					approvers: approversOf(fields),
					group: text(project, 'name', 'key') && {
						id: text(project, 'key'),
						name: text(project, 'name', 'key'),
					},
					comment,
				},
				context: {
					actor: personOf(own(body, 'user'), USER) ?? comment?.author,
					sla_deadline: earliest(
						cyclesOf(fields).map(
							(cycle) => at(cycle, 'breachTime.epochMillis') ?? at(cycle, 'breachTime.iso8601'),
						),
					),
					impacted_services: list(own(fields, 'components')).map((component) =>
						text(component, 'name'),
					),
				},
			},
		];
	},
};
