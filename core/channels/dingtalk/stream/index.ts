import { ItsmNotifyError } from '../../../errors';
import { socketUrl } from '../../stream/url';
import type { Stream } from '../../stream/types';
import { isObject, textIn } from '../../text';
import { api, appKey, appSecret, modeOf, NAME } from '../credential';
import { outcome } from '../outcome';
import { post } from '../request';
import { createSession, TOPICS } from './session';

/** DingTalk Stream: a ticket for one connection, then JSON frames (protocol: opensource.dingtalk.com/developerpedia). */
export const stream: Stream = {
	open(credential) {
		if (modeOf(credential) === 'robot')
			throw new ItsmNotifyError(
				'invalid_credential',
				`A custom robot of ${NAME} cannot be answered.`,
				{ field: 'mode', fix: 'Choose "Connect With: App" in the DingTalk credential.' },
			);
		return post(
			`${api(credential)}/v1.0/gateway/connections/open`,
			{
				clientId: appKey(credential),
				clientSecret: appSecret(credential),
				subscriptions: TOPICS.map((topic) => ({ type: 'CALLBACK', topic })),
			},
			// Without it the answer may come as XML.
			{ accept: 'application/json' },
		);
	},
	opened(response, request) {
		const body = isObject(response.body) ? response.body : {};
		const ticket = textIn(body, 'ticket');
		const url = ticket && socketUrl(textIn(body, 'endpoint'), request.url, { ticket });
		if (url) return { ok: true, url, session: createSession() };
		const result = ticket ? undefined : outcome(response, request);
		if (result && !result.ok) return result;
		return {
			ok: false,
			class: 'config',
			code: 'unexpected_answer',
			message: 'DingTalk named no address to connect to: check the base URL of the credential.',
		};
	},
};
