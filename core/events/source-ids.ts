/** Every ITSM source that the trigger offers, in the order of its list. */
export const SOURCE_IDS = [
	'generic',
	'serviceNow',
	'jira',
	'zendesk',
	'freshservice',
	'manageEngine',
	'bmcHelix',
	'glpi',
	'zammad',
	'itop',
	'requestTracker',
	'znuny',
	'pagerDuty',
	'opsgenie',
	'alertmanager',
	'zabbix',
	'grafana',
] as const;
export type SourceId = (typeof SOURCE_IDS)[number];

export const isSourceId = (value: unknown): value is SourceId =>
	typeof value === 'string' && (SOURCE_IDS as readonly string[]).includes(value);

/** How the `source` member of a body may spell a source; compared without case, spaces and punctuation. */
const ALIASES = new Map<string, SourceId>([
	...SOURCE_IDS.map((id): [string, SourceId] => [id.toLowerCase(), id]),
	['jsm', 'jira'],
	['jiraservicemanagement', 'jira'],
	['freshdesk', 'freshservice'],
	['servicedeskplus', 'manageEngine'],
	['sdp', 'manageEngine'],
	['bmc', 'bmcHelix'],
	['remedy', 'bmcHelix'],
	['rt', 'requestTracker'],
	['otrs', 'znuny'],
	['prometheus', 'alertmanager'],
]);

/** The source that a text names (`"servicedesk_plus"` → `manageEngine`), or undefined. */
export const sourceNamed = (value: unknown): SourceId | undefined =>
	typeof value === 'string' && value.length < 60
		? ALIASES.get(value.toLowerCase().replace(/[^a-z0-9]/g, ''))
		: undefined;
