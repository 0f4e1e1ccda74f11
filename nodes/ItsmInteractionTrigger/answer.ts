import { randomBytes } from 'node:crypto';

import type { IWebhookFunctions } from 'n8n-workflow';

import type { InboundRequest } from '../../core/channels';
import type { Interaction } from '../../core/events';
import { linkPage, viewLink } from '../../core/interaction';
import type { Store } from '../../core/store';
import { commitCalls, commitLink, type AnyIntake } from '../shared/answers';
import { httpIo } from '../shared/sender/io';
import type { Receiver } from './receivers';

/** What the caller is told, and what a test run shows. */
export interface Answered {
	status: number;
	headers?: Record<string, string>;
	body: string;
	/** Why a call was refused, for the log: the caller learns only the status. */
	refused?: string;
	interactions?: Interaction[];
}

/** A provider's call: verified over its raw bytes, parsed, committed, answered. */
export async function answerProvider(
	context: IWebhookFunctions,
	{ channel, credential }: Receiver,
	request: InboundRequest,
	store: () => Promise<Store>,
	intake: AnyIntake,
): Promise<Answered> {
	const { now } = intake.options;
	const result = await channel.inbound.receive(request, {
		credential,
		now,
		random: (count) => randomBytes(count),
		io: httpIo(context),
	});
	if (result.kind === 'refused') return { status: result.status, body: '', refused: result.code };
	if (result.kind === 'answered') return result.answer;
	const interactions = await commitCalls(await store(), result.calls, {
		...intake,
		options: { ...intake.options, channel: channel.id },
	});
	return { ...result.answer, interactions };
}

/** A signed page: shown on GET, acts on POST. */
export async function answerLink(
	request: InboundRequest,
	store: Store,
	intake: AnyIntake,
): Promise<Answered> {
	const form = new URLSearchParams(Buffer.from(request.rawBody).toString('utf8'));
	const token = (request.method === 'POST' && form.get('t')) || request.query.t || '';
	const options = { ...intake.options, channel: 'link' };
	const { view, interactions = [] } =
		request.method === 'GET'
			? { view: await viewLink(store, token, options) }
			: await commitLink(
					store,
					{ token, comment: form.get('comment') ?? undefined },
					{ ...intake, options },
				);
	const page = linkPage(view, token, request.headers['accept-language']);
	return { status: page.status, headers: page.headers, body: page.html, interactions };
}
