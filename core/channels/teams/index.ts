import { httpOnly } from '../http-only';
import { isObject, oneLine, textIn, type Json } from '../text';
import type { Channel } from '../types';
import { address } from './address';
import { draw } from './card';
import { check } from './check';
import { escape } from './escape';
import { inbound } from './inbound';
import { limits, WORKFLOW_RATE } from './limits';
import { outcome } from './outcome';
import { prepare, prepareRecipient } from './prepare';
import { raw } from './raw';
import { isWorkflow, request, tokenKey, update } from './request';

const undo = (text: string): string =>
	text
		.replace(/(?<!\\)\[((?:\\.|[^\]\\])*)\]\([^)]*\)/g, '$1')
		.replace(/(?<!\\)\*\*/g, '')
		.replace(/\\(.)/g, '$1');

/** The first words of a card. */
function wordsIn(value: unknown): string {
	if (Array.isArray(value)) return value.map(wordsIn).find(Boolean) ?? '';
	if (!isObject(value)) return '';
	return (
		textIn(value, 'text') ?? wordsIn(value.content ?? value.body ?? value.items ?? value.columns)
	);
}

function summary(payload: Json): string {
	const words = textIn(payload, 'text') ?? wordsIn(payload.attachments);
	return oneLine(undo(words).split('\n')[0]);
}

/** Microsoft Teams: a bot in chats and channels, or a Power Automate workflow of one channel. */
export const teams: Channel = {
	id: 'teams',
	name: 'Teams',
	limits,
	rate: (credential) => (isWorkflow(credential) ? WORKFLOW_RATE : limits.rate),
	escape,
	address,
	draw,
	raw,
	summary,
	check,
	prepare,
	prepareRecipient,
	tokenKey,
	request,
	outcome: httpOnly(outcome),
	update,
	answers: (credential) => (isWorkflow(credential) ? 'link' : 'callback'),
	inbound,
};
