import type { ChannelLimits } from '../types';

/** Our own: what a person reads at a glance, and what a page of fifty messages can carry. */
export const IN_APP = {
	title: 200,
	text: 4000,
	fields: 20,
	label: 80,
	value: 300,
	links: 10,
	entries: 50,
	footer: 300,
	payloadBytes: 64 * 1024,
} as const;

export const limits: ChannelLimits = {
	unit: 'chars',
	text: IN_APP.text,
	title: IN_APP.title,
	payloadBytes: IN_APP.payloadBytes,
	buttons: IN_APP.links,
	rate: {},
	digestEntries: IN_APP.entries,
};
