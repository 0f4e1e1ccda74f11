import type { RateRule } from '../rate.ts';

export type SmsProviderId = 'twilio' | 'aliyun' | 'tencent' | 'http';

export interface SmsConfig {
	/** Numbers that exist, in E.164. */
	numbers: string[];
	twilio?: { accountSid: string; authToken: string; from: string; messagingServiceSid?: string };
	aliyun?: {
		accessKeyId: string;
		accessKeySecret: string;
		signName: string;
		/** Code -> names of its parameters. */
		templates: Record<string, string[]>;
	};
	tencent?: {
		secretId: string;
		secretKey: string;
		sdkAppId: string;
		signName: string;
		/** Id -> how many parameters it takes. */
		templates: Record<string, number>;
	};
	/** Bearer token of the generic gateway at `/gateway/send`. */
	gateway?: { token: string };
	/** The `key` in the address that Aliyun and Tencent are given: nothing else proves their calls. */
	callbackSecret?: string;
	/** After so many milliseconds Twilio tells by itself that a message was delivered, where a StatusCallback asks for it. */
	reportsAfterMs?: number;
	rate?: RateRule | null;
	delayMs?: number;
	now?: () => number;
}

export interface SentSms {
	id: string;
	to: string;
	text: string;
	statusCallback?: string;
	provider: SmsProviderId;
}

export type Json = Record<string, unknown>;

export const isNumber = (value: string): boolean => /^\+[1-9]\d{6,14}$/.test(value);
