import { hostname } from 'node:os';

import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { defineBelow, fingerprint, sendDelivery, type Channel } from '../../../core/channels';
import {
	deliver,
	markDead,
	policyReader,
	type Attempt,
	type Delivered,
} from '../../../core/engine';
import { deliveryReader, type Delivery } from '../../../core/events';
import { conversationKey } from '../../../core/interaction';
import type { Store } from '../../../core/store';
import { isUrgent } from '../../../core/strategy';
import { asNodeError, asTest, itemOf, originOf, readItems, testRunId } from '../items';
import { readJson } from '../json';
import { readNumber, readText } from '../parameters';
import { wakeRelease } from '../release';
import { faceOf } from '../signing';
import { optionalCredential, storeOf } from '../store';
import { urgentFirst } from '../urgent-first';
import { withAnswers } from './answers';
import { guardsFor } from './guards';
import { nodeIo } from './io';
import { AT_ONCE } from './properties';
import { withDeliveryStatus } from './status';

const IN_RUN_RETRY_MS = 5_000;
const RUN_BUDGET_MS = 20_000;
const LEASE_MARGIN_MS = 20_000;
const LONGEST_CALL_S = 300;
const MOST_AT_ONCE = 1_000;

/** What all senders do; they differ by the channel alone. Outputs: Sent, Failed. */
export async function executeSender(
	context: IExecuteFunctions,
	channel: Channel,
	credentialType?: string,
): Promise<INodeExecutionData[][]> {
	const below = context.getNodeParameter('input', 0) === 'defineBelow';
	const testId = testRunId(context);
	const read = deliveryReader();
	const { good, bad } = readItems(context, (json, index) =>
		asTest(below ? fromParameters(context, channel, index) : read(json), testId),
	);
	try {
		const mine = good.filter(({ value }) => value.channel === channel.id);
		const sent: INodeExecutionData[] = [];
		const failed: INodeExecutionData[] = good
			.filter(({ value }) => value.channel !== channel.id)
			.map(({ value, index }) => itemOf(wrongChannel(value, channel), index));
		if (mine.length > 0) {
			const origin = originOf(mine);
			const results = await send(
				context,
				channel,
				credentialType,
				mine.map(({ value }) => value),
			);
			for (const { delivery, ok, turned } of withDeliveryStatus(results)) {
				(ok ? sent : failed).push(
					itemOf(ok ? delivery : (turned ?? delivery), origin(delivery.delivery_id) ?? 0),
				);
			}
		}
		return [sent, [...failed, ...bad]];
	} catch (error) {
		throw asNodeError(context.getNode(), error);
	}
}

async function send(
	context: IExecuteFunctions,
	channel: Channel,
	credentialType: string | undefined,
	deliveries: readonly Delivery[],
): Promise<Delivered['results']> {
	const store = await storeOf(context);
	// A channel without one writes to our own store.
	const credential = credentialType ? await optionalCredential(context, credentialType) : {};
	if (!credential) {
		context.addExecutionHints({
			message: `No credential is selected: ${channel.name} sends nothing, and each delivery goes on to the next channel of its person.`,
			location: 'outputPane',
		});
	}
	const options = context.getNodeParameter('options', 0, {}) as IDataObject;
	const io = nodeIo(context, store);
	const guards = credential
		? guardsFor({
				store,
				channel,
				credential,
				key: `${channel.id}:${fingerprint(JSON.stringify(credential))}`,
				now: Date.now,
				sleep: io.sleep,
			})
		: undefined;
	const started = Date.now();
	const settings = {
		timeoutMs:
			1000 *
			readNumber(options.timeoutSeconds, 'Timeout per Call (Seconds)', {
				fallback: 10,
				min: 0,
				max: LONGEST_CALL_S,
			}),
		inRunRetryMs: IN_RUN_RETRY_MS,
	};

	const policy = await policyReader(store)(null);
	const face = await faceOf(store);
	const conversation = await conversationsOf(store, channel, deliveries);
	const { dressed, replyTo } = await withAnswers(context, {
		channel,
		credential,
		deliveries,
		face,
		permissions: policy.interaction.permissions,
	});

	const attempt = async (delivery: Delivery): Promise<Attempt> => {
		if (!credential || !guards) {
			return {
				attempts: 0,
				latencyMs: 0,
				outcome: {
					ok: false,
					class: 'config',
					code: 'no_credential',
					message: `No credential is selected in the node "${context.getNode().name}".`,
				},
			};
		}
		const left = started + RUN_BUDGET_MS - Date.now();
		const refused = await guards.before(delivery, Math.max(0, Math.min(IN_RUN_RETRY_MS, left)));
		if (refused) return { attempts: 0, latencyMs: 0, outcome: refused };
		const result = await sendDelivery(channel, delivery, credential, io, {
			...settings,
			...(face ? { publicUrl: face.url, streamed: face.streams.includes(channel.id) } : {}),
			...conversation(delivery),
			...(replyTo ? { replyTo } : {}),
			onRefused: guards.refused,
		});
		await guards.after(result.outcome);
		const { deadAddresses: addresses } = result.outcome;
		if (addresses && !delivery.test) {
			const code = result.outcome.ok ? 'unregistered' : result.outcome.code;
			const user_id = delivery.recipient.user_id;
			await markDead(store, { user_id, channel: channel.id, addresses, code }, Date.now());
		}
		return result;
	};
	const leave = dressed.some((d) => isUrgent(d.event, policy)) ? urgentFirst.run() : undefined;
	const { results, freed } = await deliver(store, dressed, {
		attempt,
		...(leave ? {} : { letPass: urgentFirst.giveWay() }),
		policy,
		now: Date.now,
		random: Math.random,
		owner: `${hostname()}:${process.pid}:${context.getExecutionId()}`,
		concurrency: readNumber(options.concurrency, 'Recipients at Once', {
			fallback: channel.limits.atOnce ?? AT_ONCE,
			min: 0,
			max: MOST_AT_ONCE,
		}),
		// Longer than a call that begins at the very end, and its one repeat, can take.
		leaseMs: RUN_BUDGET_MS + 2 * settings.timeoutMs + LEASE_MARGIN_MS,
		deadline: started + RUN_BUDGET_MS,
	}).finally(() => leave?.());
	if (freed > 0) wakeRelease(store);
	return results;
}

/** What a bot has learned of the conversations with these people (Teams), by address; other channels open none. */
async function conversationsOf(
	store: Store,
	channel: Channel,
	deliveries: readonly Delivery[],
): Promise<(delivery: Delivery) => { conversation?: Record<string, unknown> }> {
	if (!channel.prepareRecipient) return () => ({});
	const keyOf = ({ address }: Delivery): string =>
		conversationKey(channel.id, channel.address(address) ?? '');
	const known = await store.shared.get(
		[...new Set(deliveries.map(keyOf))],
		new Date().toISOString(),
	);
	return (delivery) => {
		const conversation = known.get(keyOf(delivery));
		return conversation ? { conversation } : {};
	};
}

/** The message that is written in the node; the same item of the same execution is the same message. */
function fromParameters(context: IExecuteFunctions, channel: Channel, index: number): Delivery {
	const raw = context.getNodeParameter('raw', index, '') as unknown;
	const given = ((context.getNodeParameter('buttons', index, {}) as IDataObject).button ??
		[]) as IDataObject[];
	const buttons = given.map(({ label, url }) => ({
		label: readText(label, 'Label'),
		url: readText(url, 'URL'),
	}));
	// What an expression does not find must not be read as the word "null".
	const text = (name: string, field: string): string =>
		readText(context.getNodeParameter(name, index, ''), field);
	return defineBelow(
		{
			recipient: text('recipient', 'Recipient'),
			title: text('title', 'Title'),
			text: text('text', 'Text'),
			buttons,
			...(raw === '' || raw === undefined
				? {}
				: { raw: readJson(raw, 'Raw Payload') as Record<string, unknown> }),
		},
		channel,
		new Date(),
		JSON.stringify([
			context.getWorkflow().id,
			context.getExecutionId(),
			context.getNode().id,
			index,
		]),
	);
}

function wrongChannel(delivery: Delivery, channel: Channel): Delivery {
	const error = {
		code: 'wrong_channel',
		message: `This is a ${channel.name} sender; the delivery is for "${delivery.channel}".`,
	};
	return {
		...delivery,
		status: {
			status: 'failed',
			timestamp: new Date().toISOString(),
			reason: 'wrong_channel',
			error,
		},
	};
}
