/** One file per ITSM that can be written to, behind one small interface. */
import { secretsOf } from '../channels/redact';
import { ItsmNotifyError } from '../errors';
import { requestTrackerItsm, type RequestTrackerSettings } from './request-tracker';
import { serviceNowItsm, type ServiceNowSettings } from './service-now';
import type { Itsm, ItsmHttp, ItsmId } from './types';

export { ItsmFailure, tried, type ItsmFailureClass } from './failure';
export { isCalled, namesOf, shownName } from './names';
export { isTicketAction, judge, TICKET_ACTIONS } from './judge';
export type { Question, TicketAction, TicketHistory, Verdict } from './judge';
export { noteOf } from './notes';
export { requestTrackerItsm, type RequestTrackerSettings } from './request-tracker';
export { serviceNowItsm, type ServiceNowSettings } from './service-now';
export { isItsmId, ITSM_IDS } from './types';
export type * from './types';

export type ItsmSettings = ServiceNowSettings & RequestTrackerSettings;

const field = (credential: Record<string, unknown>, name: string): string =>
	typeof credential[name] === 'string' ? credential[name].trim() : '';

/** The system behind a credential; throws `invalid_credential` where it can lead nowhere. */
export function openItsm(
	id: ItsmId,
	credential: Record<string, unknown>,
	http: ItsmHttp,
	settings: ItsmSettings = {},
): Itsm {
	const get = (name: string): string => field(credential, name);
	const baseUrl = get('baseUrl');
	if (!/^https?:\/\/[^\s/]+/i.test(baseUrl))
		throw new ItsmNotifyError(
			'invalid_credential',
			'The credential has no base URL, such as https://example.service-now.com',
		);
	const secrets = secretsOf(credential);
	const account = get('account') || null;
	if (id === 'requestTracker') {
		const headers = { Authorization: `token ${required(get('token'), 'Token')}` };
		return requestTrackerItsm({ baseUrl, headers, account, secrets, http }, settings);
	}
	const mode = get('authMode') || 'basic';
	if (mode === 'basic') {
		const user = required(get('user'), 'User');
		const pair = Buffer.from(`${user}:${required(get('password'), 'Password')}`).toString('base64');
		const headers = { Authorization: `Basic ${pair}` };
		return serviceNowItsm(
			{ baseUrl, headers, account: account ?? user, secrets: [...secrets, pair], http },
			settings,
		);
	}
	const token = required(get('token'), 'Token');
	const headers: Record<string, string> =
		mode === 'apiKey' ? { 'x-sn-apikey': token } : { Authorization: `Bearer ${token}` };
	return serviceNowItsm({ baseUrl, headers, account, secrets, http }, settings);
}

function required(value: string, name: string): string {
	// A line break would end the header.
	if (value === '' || /[\r\n]/.test(value))
		throw new ItsmNotifyError('invalid_credential', `The credential has no usable ${name}`);
	return value;
}
