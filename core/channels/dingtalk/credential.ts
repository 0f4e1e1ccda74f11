import { baseUrl, httpUrl, required } from '../credential';
import { textIn } from '../text';
import type { Credential } from '../types';

export const NAME = 'DingTalk';

/** By a group's custom robot, or by the app: as a message of its robot, as a work notice, as an interactive card. */
export type Mode = 'robot' | 'message' | 'notice' | 'card';

export function modeOf(credential: Credential): Mode {
	if (credential.mode === 'robot') return 'robot';
	if (credential.sendAs === 'workNotice') return 'notice';
	return credential.sendAs === 'card' ? 'card' : 'message';
}

/** api.dingtalk.com: robot messages, cards. Throws `invalid_credential`. */
export const api = (credential: Credential): string =>
	baseUrl(credential, 'https://api.dingtalk.com', NAME);

/** oapi.dingtalk.com: custom robots, work notices. Throws `invalid_credential`. */
export function oapi(credential: Credential): string {
	const given = textIn(credential, 'oapiBaseUrl') ?? 'https://oapi.dingtalk.com';
	return httpUrl(given.replace(/\/+$/, ''), 'oapiBaseUrl', 'OAPI Base URL', NAME);
}

export const appKey = (credential: Credential): string =>
	required(credential, 'appKey', 'App Key', NAME);
export const appSecret = (credential: Credential): string =>
	required(credential, 'appSecret', 'App Secret', NAME);
/** The robot's code is the app key unless the robot was made apart from the app. */
export const robotCode = (credential: Credential): string =>
	textIn(credential, 'robotCode') ?? appKey(credential);

/** One member of the organisation, or a group of which the app's robot is a member (openConversationId). */
export const isGroup = (address: string): boolean => /^cid[\w+/-]{16,}=*$/.test(address);
