import { ItsmNotifyError } from '../../../errors';
import { socketUrl } from '../../stream/url';
import type { Stream } from '../../stream/types';
import { isObject, textIn } from '../../text';
import type { Failure } from '../../types';
import { outcome } from '../outcome';
import { connectionRequest, isRobot } from '../request';
import { createSession } from './session';

/** Feishu is at fault, not the credential (the SDKs' list): everything else needs somebody to correct it. */
const BUSY = new Set(['1', '1000040343']);
const AUTH_FAILED = 514;
const FORBIDDEN = 403;
/** An app may hold so many connections, and no more. */
const TOO_MANY = 1000040350;

/** Feishu's long connection 长连接: an address for one connection, then protobuf frames. */
export const stream: Stream = {
	open(credential) {
		if (isRobot(credential))
			throw new ItsmNotifyError('invalid_credential', 'A custom bot cannot be answered.', {
				field: 'mode',
				fix: 'Choose "Connect With: App" in the Feishu credential.',
			});
		return connectionRequest(credential);
	},
	opened(response, request, credential) {
		const data = isObject(response.body) && isObject(response.body.data) ? response.body.data : {};
		const url = socketUrl(textIn(data, 'URL'), request.url);
		const result = outcome(response, request);
		if (!result.ok) return BUSY.has(result.code) ? { ...result, class: 'retry' } : result;
		if (url) {
			const config = isObject(data.ClientConfig) ? data.ClientConfig : {};
			return { ok: true, url, session: createSession(credential, url, config) };
		}
		return {
			ok: false,
			class: 'config',
			code: 'unexpected_answer',
			message: 'Feishu named no address to connect to: check the base URL of the credential.',
		};
	},
	refused({ status, headers }): Failure {
		const code = Number(headers['handshake-status'] ?? status);
		const isOver = code === AUTH_FAILED && Number(headers['handshake-autherrcode']) === TOO_MANY;
		return {
			ok: false,
			class: isOver || code === FORBIDDEN ? 'config' : 'retry',
			code: isOver ? String(TOO_MANY) : `handshake_${code}`,
			message: `Feishu refused the connection: ${(headers['handshake-msg'] ?? `HTTP ${status}`).slice(0, 200)}`,
		};
	},
};
