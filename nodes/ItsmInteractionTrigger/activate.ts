import type { IDataObject, IHookFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { channels, perform, registerDingTalkCallback } from '../../core/channels';
import { caughtAsync } from '../../core/errors';
import type { IntakeNode } from '../../core/intake';
import { dropFace, faceOf, saveFace, signingKeyOf } from '../shared/signing';
import { nodeIo } from '../shared/sender/io';
import { storeOf } from '../shared/store';
import { listensTo, receiverOf, streamsOf } from './receivers';

const CALL_MS = 10_000;

/** The base of all addresses of this node: its URL without the channel at the end. */
export function baseUrl(url: string, publicUrl: unknown): string {
	const base = url.replace(/\/:channel\/?$/, '');
	const own = typeof publicUrl === 'string' ? publicUrl.trim().replace(/\/+$/, '') : '';
	if (own === '') return base;
	const { pathname } = new URL(base);
	return `${own}${pathname}`;
}

export const nodeOf = (context: IHookFunctions): IntakeNode => ({
	workflow_id: context.getWorkflow().id ?? '',
	node_id: context.getNode().id,
});

/** Tells senders where answers go, and DingTalk where the presses of its cards go. */
export async function activate(context: IHookFunctions): Promise<void> {
	const signing = await caughtAsync(() => signingKeyOf(context));
	if (!signing.ok || !signing.value)
		throw new NodeOperationError(context.getNode(), 'Answers cannot be signed', {
			description: signing.ok
				? 'Give the credential of the ITSM Notify store a Signing Secret of at least 32 random characters: several machines share a PostgreSQL store, and all need the same one.'
				: `${signing.error.message} ${signing.error.fix ?? ''}`,
		});
	const options = context.getNodeParameter('options', {}) as IDataObject;
	const url = baseUrl(context.getNodeWebhookUrl('default') ?? '', options.publicUrl);
	const store = await storeOf(context);
	const streams = streamsOf(context);
	const face = { url, listens: listensTo(context), streams, node: nodeOf(context) };
	const other = await faceOf(store);
	if (other && other.node.node_id !== nodeOf(context).node_id)
		context.logger.warn(
			`ITSM Interaction Trigger "${context.getNode().name}" takes over: answers to new messages went to a trigger of workflow ${other.node.workflow_id} before`,
		);
	await saveFace(store, face, new Date());
	if (!streams.includes('dingtalk')) await registerCards(context, url);
}

/** The store forgets the address: senders make no more buttons that nobody takes. */
export async function deactivate(context: IHookFunctions): Promise<void> {
	await dropFace(await storeOf(context), nodeOf(context), new Date());
}

/** DingTalk learns from an API call, not from a form, where presses go. Its refusal costs the buttons of its cards only. */
async function registerCards(context: IHookFunctions, url: string): Promise<void> {
	const receiver = await receiverOf(context, 'dingtalk');
	if (!receiver || channels.dingtalk.answers?.(receiver.credential) !== 'callback') return;
	const { credential } = receiver;
	const io = nodeIo(context);
	const failed = (why: string): void =>
		context.logger.error(
			`ITSM Interaction Trigger "${context.getNode().name}": DingTalk did not take the address for presses of its cards: ${why}`,
		);
	try {
		const prepared = (await channels.dingtalk.prepare?.(io, credential)) ?? {};
		const request = registerDingTalkCallback(credential, `${url}/dingtalk`, prepared);
		const response = await perform(io, request, CALL_MS);
		const outcome = channels.dingtalk.outcome(response, request);
		if (!outcome.ok) failed(`${outcome.code}: ${outcome.message}`);
	} catch (error) {
		failed(error instanceof Error ? error.message : String(error));
	}
}
