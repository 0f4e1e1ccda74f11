import type { ITriggerFunctions } from 'n8n-workflow';

import { holdStream, openSocket, wait } from '../../core/channels';
import { tellOperators } from '../../core/engine';
import { caughtAsync } from '../../core/errors';
import type { IntakeNode } from '../../core/intake';
import type { Store } from '../../core/store';
import { commitCalls } from '../shared/answers';
import { nameOf } from '../shared/intake';
import { httpIo } from '../shared/sender/io';
import { signingKeyOf } from '../shared/signing';
import { receiverOf, streamsOf } from './receivers';

export interface StreamSettings {
	store: Store;
	node: IntakeNode;
	warn(message: string): void;
}

/** Holds the connections of the channels that are listened to without a public URL; all is read before they begin. */
export async function holdStreams(
	context: ITriggerFunctions,
	{ store, node, warn }: StreamSettings,
): Promise<Array<{ stop(): Promise<void> }>> {
	const label = context.getNode().name;
	const signing = await caughtAsync(() => signingKeyOf(context));
	const key = signing.ok ? signing.value : undefined;
	const { http } = httpIo(context);
	const held: Array<{ stop(): Promise<void> }> = [];
	for (const id of streamsOf(context)) {
		const receiver = await receiverOf(context, id);
		const stream = receiver?.channel.stream;
		if (!receiver || !stream) {
			warn(`No connection to "${id}" is opened: it has no credential here.`);
			continue;
		}
		const { channel, credential } = receiver;
		held.push(
			holdStream({
				stream,
				credential,
				io: { http, openSocket, now: Date.now, random: Math.random, wait },
				take: (calls) =>
					commitCalls(store, calls, {
						node,
						options: { key, now: new Date(), channel: channel.id },
					}),
				connected: () => context.logger.info(`"${label}" is connected to ${channel.name}`),
				warn: (message) => warn(`Connection to ${channel.name}: ${message}`),
				alarm: ({ code, message }) =>
					tellOperators(
						store,
						{
							cause: `connection:${channel.id}:${nameOf(node)}`,
							title: `Answers from ${channel.name} do not come in`,
							description: `The connection of "${label}" to ${channel.name} does not stand (${code}): ${message} It is tried again until it does.`,
						},
						Date.now(),
					),
			}),
		);
	}
	return held;
}
