import { ItsmNotifyError } from '../../errors';
import { required } from '../credential';
import { isObject, textIn, wordsOf } from '../text';
import type { FollowUp } from '../inbound';
import { api, NAME, oapi, robotCode } from './credential';
import { post } from './request';

const named = (value: unknown): boolean => Array.isArray(value) && value.length > 0;

/** Why a work notice was dropped (facts/channels.md §5.3). */
const DROPPED: Record<string, string> = {
	'143105': 'DingTalk dropped it: the daily number of notices to this person is used up.',
	'143106': 'DingTalk dropped it: it told this person the same once today.',
};

/** getsendresult of a work notice, readStatus of a robot message. A card and a group robot tell nothing: `no_follow_up`. */
export const followUp: FollowUp = {
	afterSeconds: [20, 300, 3600, 43_200],
	request(ref, { credential, prepared }) {
		const task = textIn(ref, 'task_id');
		const key = textIn(ref, 'process_query_key');
		const token = String(prepared.token ?? '');
		if (task) {
			const agent = required(credential, 'agentId', 'Agent ID', NAME);
			return post(
				`${oapi(credential)}/topapi/message/corpconversation/getsendresult?access_token=${encodeURIComponent(token)}`,
				{
					agent_id: /^\d{1,15}$/.test(agent) ? Number(agent) : agent,
					task_id: /^\d{1,15}$/.test(task) ? Number(task) : task,
				},
			);
		}
		if (key) {
			const query = new URLSearchParams({ robotCode: robotCode(credential), processQueryKey: key });
			return {
				kind: 'http',
				method: 'GET',
				url: `${api(credential)}/v1.0/robot/oToMessages/readStatus?${query}`,
				headers: { 'x-acs-dingtalk-access-token': token },
			};
		}
		throw new ItsmNotifyError('no_follow_up', 'DingTalk tells nothing more about this message.', {
			field: 'ref',
		});
	},
	read(response) {
		const { body } = response;
		if (response.status >= 400 || !isObject(body)) return undefined;
		return isObject(body.send_result) ? notice(body.send_result) : message(body);
	},
};

/** One person per message: whoever is named is that person. */
function notice(result: Record<string, unknown>): ReturnType<FollowUp['read']> {
	if (named(result.invalid_user_id_list))
		return {
			status: 'failed',
			code: 'invalid_user_id_list',
			message: 'DingTalk does not know this userid.',
			deadAddress: true,
		};
	if (named(result.forbidden_list) || named(result.forbidden_user_id_list)) {
		const [first] = Array.isArray(result.forbidden_list)
			? (result.forbidden_list as unknown[])
			: [];
		const code = isObject(first) ? wordsOf(first.code) || 'forbidden_list' : 'forbidden_user_id_list';
		return {
			status: 'failed',
			code,
			message: DROPPED[code] ?? 'DingTalk dropped it: too many notices.',
		};
	}
	if (named(result.failed_user_id_list))
		return {
			status: 'failed',
			code: 'failed_user_id_list',
			message: 'DingTalk could not deliver it.',
		};
	if (named(result.read_user_id_list)) return { status: 'read' };
	return named(result.unread_user_id_list) ? { status: 'delivered' } : undefined;
}

function message(body: Record<string, unknown>): ReturnType<FollowUp['read']> {
	const [first] = Array.isArray(body.messageReadInfoList)
		? (body.messageReadInfoList as unknown[])
		: [];
	if (isObject(first) && first.readStatus === 'READ') return { status: 'read' };
	if (body.sendStatus === 'SUCCESS') return { status: 'delivered' };
	if (body.sendStatus === 'RECALLED' || body.sendStatus === 'FAILED')
		return {
			status: 'failed',
			code: `sendStatus_${wordsOf(body.sendStatus)}`,
			message: 'DingTalk did not deliver it.',
		};
	return undefined;
}
