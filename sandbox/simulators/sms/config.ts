import type { RateRule } from '../rate.ts';

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
	/** Where reports and replies go; for Aliyun and Tencent with their `key`. Twilio reports to its StatusCallback too. */
	callbackUrl?: string;
	rate?: RateRule | null;
	delayMs?: number;
	now?: () => number;
}

export type Json = Record<string, unknown>;

export const isNumber = (value: string): boolean => /^\+[1-9]\d{6,14}$/.test(value);
