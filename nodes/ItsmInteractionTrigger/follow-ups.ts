import type { ITriggerFunctions } from 'n8n-workflow';

import type { ChannelId } from '../../core/events';
import { followUps, type FollowUpOptions } from '../../core/interaction';
import type { Store } from '../../core/store';
import { backgroundLoop, type BackgroundLoop } from '../shared/background';
import { nodeIo } from '../shared/sender/io';
import { CREDENTIALS, receiverOf, type Receiver } from './receivers';

const EVERY_MS = 20_000;
const FAULT_PAUSE_MS = 60_000;

/** Asks providers that do not call us what became of messages; one loop per channel, so that none waits for another. */
export async function followUpLoops(
	context: ITriggerFunctions,
	store: Store,
	warn: (message: string) => void,
): Promise<BackgroundLoop[]> {
	const receivers: Receiver[] = [];
	for (const id of Object.keys(CREDENTIALS) as ChannelId[]) {
		const receiver = await receiverOf(context, id);
		if (receiver?.channel.followUp) receivers.push(receiver);
	}
	return receivers.map(({ channel, credential }) => {
		const io = nodeIo(context, store);
		return backgroundLoop({
			async look() {
				await followUps(store, {
					channel: channel as FollowUpOptions['channel'],
					credential,
					io,
					now: new Date(),
				});
				return EVERY_MS;
			},
			faultPauseMs: FAULT_PAUSE_MS,
			warn: (message) =>
				warn(`${channel.name} cannot be asked what became of messages: ${message}`),
		});
	});
}
