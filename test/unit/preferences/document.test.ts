import { describe, expect, it } from '@jest/globals';

import { parsePreference } from '../../../core/preferences/document';
import { fromFlatRows } from '../../../core/preferences/flat-rows';
import { person, SEED, type Document } from './helpers';

const email = (part: Document): Document =>
	person('u', {
		notification_preferences: { channels: ['email'], email: { address: 'u@example.org', ...part } },
	});

describe('P1 the preference document', () => {
	it("takes the seed's to the letter and keeps what it does not know", () => {
		const document = { ...SEED, department: { floor: 3 }, onboarding_completed: ['step_1'] };
		expect(parsePreference(document)).toEqual(document);
	});

	it('turns numeric ids into texts', () => {
		expect(
			parsePreference({ user_id: 42, manager: 7, groups: [1, 'db'], identities: { jira: 99 } }),
		).toMatchObject({
			user_id: '42',
			manager: '7',
			groups: ['1', 'db'],
			identities: { jira: '99' },
		});
	});

	it.each<[string, Document]>([
		['nothing but an id', { user_id: 'u' }],
		[
			'nulls',
			{
				user_id: 'u',
				timezone: null,
				working_hours: null,
				notification_preferences: null,
				team: null,
			},
		],
		[
			'a channel that nobody knows',
			person('u', { notification_preferences: { channels: ['telegram'], telegram: { chat: 1 } } }),
		],
		[
			'a note beside the channels',
			person('u', { notification_preferences: { channels: [], note: 'on leave' } }),
		],
		['a zone that this machine does not know', person('u', { timezone: 'Mars/Olympus' })],
		['an empty zone', person('u', { timezone: '' })],
		['batch with times for all channels', email({ frequency: 'batch' })],
	])('accepts %s', (what, document) => {
		const times = what.startsWith('batch') ? { batch_time: ['09:00'] } : {};
		expect(() => parsePreference({ ...document, ...times })).not.toThrow();
	});

	it.each<[string, unknown]>([
		['user_id', {}],
		['user_id', { user_id: ' ' }],
		['user_id', { user_id: {} }],
		['timezone', person('u', { timezone: 'CST' })],
		['timezone', person('u', { timezone: '+08:00' })],
		['timezone', person('u', { timezone: 8 })],
		['notification_preferences.email.frequency', email({ frequency: 'hourly' })],
		['notification_preferences.email.batch_time', email({ frequency: 'batch' })],
		['notification_preferences.email.batch_time', email({ frequency: 'batch', batch_time: '' })],
		['notification_preferences.email.batch_time', email({ batch_time: '9 am' })],
		['notification_preferences.email.categories', email({ categories: 'assigned' })],
		['notification_preferences.email.categories', email({ categories: { assigned: true } })],
		['notification_preferences.email.muted_categories', email({ muted_categories: 'comment' })],
		['notification_preferences.email.enabled', email({ enabled: 'no' })],
		[
			'notification_preferences.email',
			person('u', { notification_preferences: { email: 'u@example.org' } }),
		],
		[
			'notification_preferences.telegram',
			person('u', { notification_preferences: { channels: ['telegram'], telegram: 'me' } }),
		],
		['notification_preferences.email', person('u', { notification_preferences: { email: [] } })],
		[
			'notification_preferences.channels',
			person('u', { notification_preferences: { channels: 'email' } }),
		],
		['working_hours', person('u', { working_hours: {} })],
		['working_hours', person('u', { working_hours: { monday: [] } })],
		['working_hours', person('u', { working_hours: [] })],
		['working_hours.monday.0', person('u', { working_hours: { monday: [['09:00', '09:00']] } })],
		[
			'quiet_hours',
			person('u', {
				working_hours: { monday: [['09:00', '10:00']] },
				quiet_hours: { monday: [['08:00', '11:00']] },
			}),
		],
		['holidays.0', person('u', { holidays: ['2027-13-01'] })],
		['active', person('u', { active: 'yes' })],
		['batch_time', { user_id: 'u', frequency: 'batch' }],
		['(the document)', null],
		['(the document)', [SEED]],
	])('RN2 refuses, naming %s', (field, value) => {
		expect(() => parsePreference(value)).toThrow(
			expect.objectContaining({ code: 'invalid_preferences', field }),
		);
	});
});

describe('rows of a sheet', () => {
	it('become documents', () => {
		const { documents, errors } = fromFlatRows([
			{
				user_id: 'user-001',
				email: 'a@example.org',
				slack_userid: 'U1',
				wecom_userid: '',
				timezone: 'Asia/Shanghai',
				language: 'zh-CN',
				channels: 'slack, email',
				categories: 'assigned，Resolved',
				batch_time: '09:00,14:00',
				email_frequency: 'batch',
				slack_categories: 'all',
				groups: 'db;net',
				active: '是',
				working_hours: '09:00-12:00,13:00-18:00',
				identity_jira: 557058,
				badge: 'B7',
				Mobile: 8613800138000,
			},
			{ 'User ID': 2, Email: 'b@example.org', wecom_userid: 'wb' },
		]);
		expect(errors).toEqual([]);
		const windows = [
			['09:00', '12:00'],
			['13:00', '18:00'],
		];
		expect(documents).toEqual([
			{
				user_id: 'user-001',
				timezone: 'Asia/Shanghai',
				language: 'zh-CN',
				groups: ['db', 'net'],
				active: true,
				working_hours: {
					monday: windows,
					tuesday: windows,
					wednesday: windows,
					thursday: windows,
					friday: windows,
				},
				identities: { jira: '557058' },
				badge: 'B7',
				notification_preferences: {
					channels: ['slack', 'email'],
					email: {
						address: 'a@example.org',
						frequency: 'batch',
						categories: ['assigned', 'resolved'],
						batch_time: '09:00,14:00',
					},
					slack: { userid: 'U1', categories: ['all'], batch_time: '09:00,14:00' },
					sms: {
						number: '+8613800138000',
						categories: ['assigned', 'resolved'],
						batch_time: '09:00,14:00',
					},
				},
			},
			{
				user_id: '2',
				notification_preferences: {
					channels: ['email', 'wecom'],
					email: { address: 'b@example.org' },
					wecom: { userid: 'wb' },
				},
			},
		]);
	});

	it('give an error each, and the others go on', () => {
		const { documents, errors } = fromFlatRows([
			{ email: 'x@example.org' },
			{ user_id: 'a', timezone: 'CST' },
			{ user_id: 'b', active: 'perhaps' },
			{ user_id: 'c', working_hours: '{' },
			{ user_id: 'd' },
			{ user_id: 'd' },
			SEED,
		]);
		expect(documents.map((d) => d.user_id)).toEqual(['d', 'user-001']);
		expect(errors.map((e) => [e.row, e.user_id, e.field])).toEqual([
			[0, null, 'user_id'],
			[1, 'a', 'timezone'],
			[2, 'b', 'active'],
			[3, 'c', 'working_hours'],
			[5, 'd', 'user_id'],
		]);
	});
});
