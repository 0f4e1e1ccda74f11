import { createHash, createHmac } from 'node:crypto';

const hex = (text: string): string => createHash('sha256').update(text).digest('hex');

/** RFC 3986: `%20` for a space, `~` bare, `!'()*` encoded. */
export const encode3986 = (text: string): string =>
	encodeURIComponent(text).replace(
		/[!'()*]/g,
		(c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
	);

/** Parameters as a query in the order that is signed. */
export const canonicalQuery = (parameters: Readonly<Record<string, string>>): string =>
	Object.keys(parameters)
		.sort()
		.map((name) => `${encode3986(name)}=${encode3986(parameters[name])}`)
		.join('&');

export interface Acs3Request {
	method: string;
	path: string;
	/** As made by canonicalQuery. */
	query: string;
	headers: Readonly<Record<string, string>>;
	/** SHA-256 of the body, hex. */
	payloadHash: string;
}

/** Aliyun's ACS3-HMAC-SHA256 (facts/channels.md §10.2): the signature and what it is over. */
export function acs3(
	secret: string,
	{ method, path, query, headers, payloadHash }: Acs3Request,
): { signature: string; signedHeaders: string; canonicalHash: string } {
	const lower = Object.entries(headers).map(
		([name, value]) => [name.toLowerCase(), value.trim()] as const,
	);
	const signed = lower
		.filter(([name]) => name === 'host' || name === 'content-type' || name.startsWith('x-acs-'))
		.sort(([a], [b]) => (a < b ? -1 : 1));
	const signedHeaders = signed.map(([name]) => name).join(';');
	const canonical = [
		method,
		path,
		query,
		signed.map(([name, value]) => `${name}:${value}\n`).join(''),
		signedHeaders,
		payloadHash,
	].join('\n');
	const canonicalHash = hex(canonical);
	const signature = createHmac('sha256', secret)
		.update(`ACS3-HMAC-SHA256\n${canonicalHash}`)
		.digest('hex');
	return { signature, signedHeaders, canonicalHash };
}
