import { isObject, textIn, wordsOf, type Json } from '../text';
import type { ChannelRequest, Failure, Outcome } from '../types';

/** A person's own limit: nobody says when it ends. */
const FLOW_WAIT_MS = 60_000;

const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

const lost = (kind: Failure['class'], code: string, message: string, waitMs?: number): Failure => ({
	ok: false,
	class: kind,
	code,
	message,
	onlyHere: true,
	...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
});

/** What an accepting answer says; undefined where it is none of DingTalk's. A success may still hold a failure. */
export function accepted(body: Json, request: ChannelRequest): Outcome | undefined {
	const asked = request.kind === 'http' && isObject(request.body) ? request.body : {};
	if (body.processQueryKey !== undefined || body.invalidStaffIdList !== undefined)
		return robotMessage(body, asked);
	if (body.task_id !== undefined) {
		const id = wordsOf(body.task_id);
		const userid = textIn(asked, 'userid_list');
		return {
			ok: true,
			status: 'sent',
			providerMessageId: id,
			ref: { task_id: id, ...(userid ? { userid } : {}) },
		};
	}
	if (typeof body.success === 'boolean') return card(body, asked);
	return undefined;
}

function robotMessage(body: Json, asked: Json): Outcome {
	const wanted = strings(asked.userIds);
	const within = (list: unknown): boolean =>
		wanted.length > 0 && wanted.every((user) => strings(list).includes(user));
	if (within(body.invalidStaffIdList))
		return lost('recipient', 'invalidStaffIdList', `DingTalk does not know ${wanted.join(', ')}.`);
	if (within(body.flowControlledStaffIdList))
		return lost(
			'rate',
			'flowControlledStaffIdList',
			`DingTalk holds back messages to ${wanted.join(', ')}.`,
			FLOW_WAIT_MS,
		);
	const key = textIn(body, 'processQueryKey');
	return {
		ok: true,
		status: 'sent',
		...(key
			? {
					providerMessageId: key,
					ref: { process_query_key: key, ...(wanted[0] ? { userid: wanted[0] } : {}) },
				}
			: {}),
	};
}

const DELIVERY: Array<[RegExp, Failure['class']]> = [
	[/qps|limit|flow|限流|频/i, 'rate'],
	[/robot|template|permission|forbid|机器人|模板|权限/i, 'config'],
];

/** createAndDeliver and the update: `success` tells of the card, `deliverResults` of its way to the person. */
function card(body: Json, asked: Json): Outcome {
	const result = isObject(body.result) ? body.result : {};
	const broken = (Array.isArray(result.deliverResults) ? result.deliverResults : [])
		.filter(isObject)
		.find((one) => one.success === false);
	if (body.success === false || broken) {
		const told = wordsOf(broken?.errorMsg ?? body.errorMsg ?? body.message);
		const why = told.slice(0, 200) || 'no reason given';
		const found = DELIVERY.find(([shape]) => shape.test(why))?.[1];
		return lost(
			found ?? (broken ? 'recipient' : 'config'),
			broken ? 'deliverResults' : 'card_refused',
			`DingTalk did not deliver the card: ${why}`,
			found === 'rate' ? FLOW_WAIT_MS : undefined,
		);
	}
	const id = textIn(result, 'outTrackId') ?? textIn(asked, 'outTrackId');
	return {
		ok: true,
		status: 'sent',
		...(id ? { providerMessageId: id, ref: { out_track_id: id } } : {}),
	};
}
