import { createHash, createHmac } from 'node:crypto';

const hex = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer =>
	createHmac('sha256', key).update(text).digest();

export interface Tc3Request {
	service: string;
	host: string;
	contentType: string;
	/** Signed too where it is given. */
	action?: string;
	/** Seconds. */
	timestamp: number;
	/** The very text that goes out. */
	body: string;
}

/** Tencent's TC3-HMAC-SHA256 (facts/channels.md §10.3): the signature and what it is over. */
export function tc3(
	secretKey: string,
	request: Tc3Request,
): { signature: string; signedHeaders: string; scope: string; canonicalHash: string } {
	const { service, host, contentType, action, timestamp, body } = request;
	const headers = [
		`content-type:${contentType}`,
		`host:${host}`,
		...(action ? [`x-tc-action:${action.toLowerCase()}`] : []),
	];
	const signedHeaders = `content-type;host${action ? ';x-tc-action' : ''}`;
	const canonicalHash = hex(`POST\n/\n\n${headers.join('\n')}\n\n${signedHeaders}\n${hex(body)}`);
	const date = new Date(timestamp * 1000).toISOString().slice(0, 10);
	const scope = `${date}/${service}/tc3_request`;
	const key = hmac(hmac(hmac(`TC3${secretKey}`, date), service), 'tc3_request');
	const signature = hmac(key, `TC3-HMAC-SHA256\n${timestamp}\n${scope}\n${canonicalHash}`).toString(
		'hex',
	);
	return { signature, signedHeaders, scope, canonicalHash };
}
