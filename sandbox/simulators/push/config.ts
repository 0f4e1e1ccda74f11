import type { Json } from './jwt.ts';

export interface PushConfig {
	apns: {
		teamId: string;
		keyId: string;
		publicKey: string;
		topic: string;
		tokens: string[];
		gone?: Record<string, number>;
	};
	fcm: {
		projectId: string;
		clientEmail: string;
		publicKey: string;
		tokens: string[];
		gone?: string[];
	};
	now?: () => number;
}

/** A notice that a device shows. */
export interface Notice {
	ref: string;
	to: string;
	sender: 'APNs' | 'Firebase';
	title: unknown;
	body: unknown;
	data: Json;
	raw: unknown;
}

export interface PushState {
	config: PushConfig;
	now(): number;
	accept(notice: Notice): void;
	refuse(status: number, code: string, why: string, raw: unknown): void;
}
