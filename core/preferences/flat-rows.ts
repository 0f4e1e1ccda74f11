import { CHANNEL_IDS } from '../events/delivery';
import { ItsmNotifyError, messageOf } from '../errors';
import { WEEKDAYS } from '../time/schedule';
import { parsePreference, type PreferenceDocument } from './document';

export interface FlatRowError {
	/** Index of the row, from 0. */
	row: number;
	user_id: string | null;
	field: string | null;
	message: string;
}

export interface FlatRows {
	documents: PreferenceDocument[];
	errors: FlatRowError[];
}

/** Columns that are a channel's address: `<column>: [channel, field]`. */
const ADDRESS_COLUMNS: Readonly<Record<string, readonly [channel: string, field: string]>> = {
	email: ['email', 'address'],
	email_address: ['email', 'address'],
	mail: ['email', 'address'],
	slack: ['slack', 'userid'],
	slack_userid: ['slack', 'userid'],
	slack_user_id: ['slack', 'userid'],
	wecom: ['wecom', 'userid'],
	wecom_userid: ['wecom', 'userid'],
	wechat: ['wechat', 'openid'],
	wechat_openid: ['wechat', 'openid'],
	dingtalk: ['dingtalk', 'userid'],
	dingtalk_userid: ['dingtalk', 'userid'],
	teams: ['teams', 'aad_object_id'],
	teams_aad_object_id: ['teams', 'aad_object_id'],
	teams_conversation_id: ['teams', 'conversation_id'],
	feishu: ['feishu', 'open_id'],
	feishu_open_id: ['feishu', 'open_id'],
	sms: ['sms', 'number'],
	sms_number: ['sms', 'number'],
	phone: ['sms', 'number'],
	mobile: ['sms', 'number'],
};

const TEXTS = new Set([
	'user_id',
	'username',
	'display_name',
	'timezone',
	'language',
	'team',
	'manager',
	'role',
]);
const LISTS = new Set(['groups', 'holidays', 'extra_working_days', 'onboarding_completed']);
const FLAGS = new Set(['active', 'enable_aggregation', 'do_not_disturb']);
const HOURS = new Set(['working_hours', 'quiet_hours']);
const SETTINGS = new Set(['frequency', 'batch_time', 'categories', 'muted_categories', 'enabled']);
const CHANNEL_SETTING = new RegExp(
	`^(${CHANNEL_IDS.join('|')})_(frequency|batch_time|categories|muted_categories|enabled)$`,
);
const IDENTITY = /^identity_(.+)$/;

/**
 * Rows as a sheet or table gives them → preference documents. Empty cells say nothing; lists are parted by commas;
 * `categories`, `frequency`, `batch_time` hold for all channels of the row, `slack_categories` for one; without
 * `channels` every address of the row is on, in column order. A row that already is a document passes as it is.
 */
export function fromFlatRows(rows: ReadonlyArray<Record<string, unknown>>): FlatRows {
	const result: FlatRows = { documents: [], errors: [] };
	const seen = new Map<string, number>();
	rows.forEach((row, index) => {
		try {
			const document = parsePreference(hasDocument(row) ? row : documentOf(row));
			const before = seen.get(document.user_id);
			if (before !== undefined)
				throw new ItsmNotifyError(
					'duplicate_row',
					`user_id "${document.user_id}" stands in row ${before + 1} already`,
					{ field: 'user_id' },
				);
			seen.set(document.user_id, index);
			result.documents.push(document);
		} catch (error) {
			const field = error instanceof ItsmNotifyError ? (error.field ?? null) : null;
			const id = row.user_id;
			result.errors.push({
				row: index,
				user_id: id === undefined || id === null ? null : String(id),
				field,
				message: messageOf(error),
			});
		}
	});
	return result;
}

const hasDocument = (row: Record<string, unknown>): boolean =>
	typeof row.notification_preferences === 'object' && row.notification_preferences !== null;

function documentOf(row: Record<string, unknown>): Record<string, unknown> {
	const document: Record<string, unknown> = {};
	const channels: Record<string, Record<string, unknown>> = {};
	const general: Record<string, unknown> = {};
	const identities: Record<string, unknown> = {};
	let listed: string[] | undefined;
	const channel = (id: string): Record<string, unknown> => (channels[id] ??= {});
	for (const [name, cell] of Object.entries(row)) {
		const column = name
			.trim()
			.toLowerCase()
			.replace(/[\s-]+/g, '_');
		const value = typeof cell === 'string' ? cell.trim() : cell;
		if (value === '' || value === null || value === undefined) continue;
		const setting = CHANNEL_SETTING.exec(column);
		const identity = IDENTITY.exec(column);
		const address = Object.hasOwn(ADDRESS_COLUMNS, column) ? ADDRESS_COLUMNS[column] : undefined;
		if (setting) channel(setting[1])[setting[2]] = settingOf(setting[2], value, column);
		else if (address) channel(address[0])[address[1]] = phone(address[0], value);
		else if (identity) identities[identity[1]] = value;
		else if (column === 'channels') listed = listOf(value, column).map((id) => id.toLowerCase());
		else if (column === 'notification_preferences')
			Object.assign(document, { notification_preferences: json(value, column) });
		else if (SETTINGS.has(column)) general[column] = settingOf(column, value, column);
		else if (TEXTS.has(column))
			document[column] = typeof value === 'number' ? String(value) : value;
		else if (LISTS.has(column)) document[column] = listOf(value, column);
		else if (FLAGS.has(column)) document[column] = flagOf(value, column);
		else if (HOURS.has(column)) document[column] = hoursOf(value, column);
		else document[name] = cell;
	}
	if (document.notification_preferences) return document;
	for (const id of listed ?? []) channel(id);
	for (const part of Object.values(channels)) Object.assign(part, { ...general, ...part });
	document.notification_preferences = { channels: listed ?? Object.keys(channels), ...channels };
	if (Object.keys(identities).length > 0) document.identities = identities;
	return document;
}

const refuse = (field: string, message: string): never => {
	throw new ItsmNotifyError('invalid_preferences', `${field}: ${message}`, { field, status: 400 });
};

function settingOf(setting: string, value: unknown, column: string): unknown {
	if (setting === 'enabled') return flagOf(value, column);
	if (setting === 'categories' || setting === 'muted_categories')
		return listOf(value, column).map((word) => word.toLowerCase());
	return typeof value === 'string' && setting === 'frequency' ? value.toLowerCase() : value;
}

/** A sheet loses the plus of a number: `8613800138000` is `+8613800138000`. */
function phone(channel: string, value: unknown): unknown {
	if (channel !== 'sms') return typeof value === 'number' ? String(value) : value;
	const text = String(value);
	return /^[1-9]\d{9,14}$/.test(text) && typeof value === 'number' ? `+${text}` : text;
}

function listOf(value: unknown, column: string): string[] {
	if (Array.isArray(value)) return value.map(String);
	if (typeof value !== 'string' && typeof value !== 'number')
		return refuse(column, 'must be words parted by commas');
	const text = String(value);
	if (text.startsWith('[')) return listOf(json(text, column), column);
	return text
		.split(/[,，;；、]/)
		.map((word) => word.trim())
		.filter((word) => word !== '');
}

function flagOf(value: unknown, column: string): boolean {
	if (typeof value === 'boolean') return value;
	const text = String(value).toLowerCase();
	if (['true', 'yes', 'y', '1', 'on', '是'].includes(text)) return true;
	if (['false', 'no', 'n', '0', 'off', '否'].includes(text)) return false;
	return refuse(column, `"${text}" is neither yes nor no`);
}

/** JSON as in a document, or `09:00-12:00,13:00-18:00` for Monday to Friday (quiet hours: every day). */
function hoursOf(value: unknown, column: string): unknown {
	if (typeof value !== 'string' || value.startsWith('{'))
		return typeof value === 'string' ? json(value, column) : value;
	const windows = listOf(value, column).map((window) => window.split(/\s*[-–~～]\s*/));
	return Object.fromEntries(
		(column === 'quiet_hours' ? WEEKDAYS : WEEKDAYS.slice(0, 5)).map((day) => [day, windows]),
	);
}

function json(value: unknown, column: string): unknown {
	if (typeof value !== 'string') return value;
	try {
		return JSON.parse(value) as unknown;
	} catch {
		return refuse(column, 'is no readable JSON');
	}
}
