import { createHmac } from 'node:crypto';

const hmac = (key: string, text: string): string =>
	createHmac('sha256', key).update(text).digest('base64');

/** Base64 HMAC-SHA256 of `<ms>\n<secret>`: the `sign` of a custom robot and the header of messages to the app's robot. */
export const robotSign = (secret: string, timestamp: string): string =>
	hmac(secret, `${timestamp}\n${secret}`);

/** `x-ddpaas-signature` of a card's callback: over the timestamp alone. */
export const cardSign = (apiSecret: string, timestamp: string): string =>
	hmac(apiSecret, timestamp);
