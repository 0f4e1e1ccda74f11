import type { ICredentialDataDecryptedObject, INode } from 'n8n-workflow';

import { channels, type Channel } from '../../core/channels';
import type { ChannelId } from '../../core/events';
import { optionalCredential } from '../shared/store';

/** Channels that call us, with the credential that verifies their calls. */
export const CREDENTIALS: Partial<Record<ChannelId, string>> = {
	slack: 'itsmNotifySlackApi',
	teams: 'itsmNotifyTeamsApi',
	wecom: 'itsmNotifyWeComApi',
	wechat: 'itsmNotifyWeChatApi',
	dingtalk: 'itsmNotifyDingTalkApi',
	feishu: 'itsmNotifyFeishuApi',
	sms: 'itsmNotifySmsApi',
};

interface Context {
	getNode(): INode;
	getNodeParameter(name: string, fallback?: unknown): unknown;
	getCredentials(type: string): Promise<ICredentialDataDecryptedObject>;
}

export interface Receiver {
	channel: Channel & Required<Pick<Channel, 'inbound'>>;
	credential: ICredentialDataDecryptedObject;
}

const chosen = (context: Pick<Context, 'getNodeParameter'>): string[] =>
	context.getNodeParameter('channels', []) as string[];

/** The channel that a call is for; undefined where this node does not listen to it or has no credential for it. */
export async function receiverOf(context: Context, id: string): Promise<Receiver | undefined> {
	const type = Object.hasOwn(CREDENTIALS, id) ? CREDENTIALS[id as ChannelId] : undefined;
	const channel = channels[id as ChannelId];
	if (!type || !channel?.inbound || !chosen(context).includes(id)) return undefined;
	const credential = await optionalCredential(context, type);
	return credential && { channel: channel as Receiver['channel'], credential };
}

export const servesLinks = (context: Context): boolean => chosen(context).includes('link');

/** Channels that this node connects to, instead of being called by them. */
export const streamsOf = (context: Pick<Context, 'getNodeParameter'>): string[] =>
	chosen(context).filter(
		(id) =>
			channels[id as ChannelId]?.stream !== undefined &&
			context.getNodeParameter(`${id}Connection`, 'webhook') === 'longConnection',
	);

/** What this node can take: the chosen channels that have their credential, and `link`. */
export function listensTo(context: Context): string[] {
	const selected = context.getNode().credentials ?? {};
	return chosen(context).filter((id) => {
		const type = CREDENTIALS[id as ChannelId];
		return id === 'link' || (type !== undefined && selected[type] !== undefined);
	});
}
