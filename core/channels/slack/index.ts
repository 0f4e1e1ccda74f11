import { httpOnly } from '../http-only';
import { isObject, oneLine, type Json } from '../text';
import type { Channel } from '../types';
import { draw } from './card';
import { check } from './check';
import { escape, readable } from './escape';
import { inbound } from './inbound';
import { limits, WEBHOOK_RATE } from './limits';
import { outcome } from './outcome';
import { previewOf, raw } from './raw';
import { address, answers, isWebhook, probe, request, update } from './request';

function summary(payload: Json): string {
	const title = Array.isArray(payload.blocks)
		? payload.blocks.find((block) => isObject(block) && block.type === 'header')
		: undefined;
	const text =
		typeof payload.text === 'string' && payload.text.trim()
			? payload.text
			: previewOf(payload.blocks ?? payload.attachments);
	// A header is plain text: what looks like markup in it is none.
	return oneLine(previewOf(title) || readable(text));
}

/** Slack: Web API of an app, or an incoming webhook. */
export const slack: Channel = {
	id: 'slack',
	name: 'Slack',
	limits,
	rate: (credential) => (isWebhook(credential) ? WEBHOOK_RATE : limits.rate),
	escape,
	address,
	draw,
	raw,
	summary,
	check,
	request,
	outcome: httpOnly(outcome),
	update,
	probe,
	answers,
	inbound,
};
