import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { acs3, canonicalQuery } from '../../../core/channels/sms/acs3';
import { tc3 } from '../../../core/channels/sms/tc3';
import {
	twilioSignature,
	urlVariants,
	verifyTwilio,
} from '../../../core/channels/sms/twilio-signature';

interface Vector {
	id: string;
	kind: string;
	what: string;
	in: Record<string, never>;
	out: Record<string, string>;
}

const VECTORS = readFileSync(new URL('../../fixtures/vectors/phone.jsonl', import.meta.url), 'utf8')
	.trim()
	.split('\n')
	.map((line) => JSON.parse(line) as Vector);
const of = (kind: string) =>
	VECTORS.filter((one) => one.kind === kind).map((one) => [one.id, one] as const);
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

it.each(of('twilio'))('Twilio %s', (_id, { in: given, out }) => {
	const { authToken, url, params } = given as unknown as {
		authToken: string;
		url: string;
		params: Record<string, string>;
	};
	const form = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, [value]]));
	expect(twilioSignature(authToken, url, form)).toBe(out.signature);
	const body = Buffer.from(new URLSearchParams(params).toString());
	const verify = (at: string, token = authToken) =>
		verifyTwilio(token, out.signature, at, body, form);
	expect(verify(url)).toBe(true);
	expect(verify(url.replace('.com/', '.com:443/'))).toBe(true);
	expect(verify(url.replace('.com/', '.com:8443/'))).toBe(true);
	expect(verify(url.replace('https', 'http'))).toBe(false);
	expect(verify(`${url}&x=1`)).toBe(false);
	expect(verify(url, 'other')).toBe(false);
	expect(verifyTwilio(authToken, out.signature, url, body, { ...form, Digits: ['12345'] })).toBe(
		false,
	);
});

it.each(of('acs3'))('Aliyun %s', (_id, { in: given, out }) => {
	const { secret, method, path, query, headers, body, payloadHash } = given as unknown as Record<
		string,
		string
	> & { headers: Record<string, string> };
	const result = acs3(secret, {
		method,
		path,
		query,
		headers,
		payloadHash: payloadHash ?? sha256(body),
	});
	expect(result.signature).toBe(out.signature);
	if (out.canonicalHash) expect(result.canonicalHash).toBe(out.canonicalHash);
});

it('Aliyun: a query is sorted and quoted as it is signed', () => {
	expect(
		canonicalQuery({
			SignName: '阿里云',
			PhoneNumbers: '13900000000',
			TemplateParam: '{"ticket":"INC-1"}',
			TemplateCode: 'SMS_15305',
		}),
	).toBe(
		'PhoneNumbers=13900000000&SignName=%E9%98%BF%E9%87%8C%E4%BA%91&TemplateCode=SMS_15305&TemplateParam=%7B%22ticket%22%3A%22INC-1%22%7D',
	);
	expect(canonicalQuery({ a: " ~!'()*+" })).toBe('a=%20~%21%27%28%29%2A%2B');
});

it.each(of('tc3'))('Tencent %s', (_id, { in: given, out }) => {
	const one = given as unknown as Record<string, string> & {
		timestamp: number;
		signAction: boolean;
	};
	const result = tc3(one.secretKey, {
		service: one.service,
		host: one.host,
		contentType: one.contentType,
		timestamp: one.timestamp,
		body: one.body,
		...(one.signAction ? { action: one.action } : {}),
	});
	expect(sha256(one.body)).toBe(out.payloadHash);
	expect(result).toMatchObject({ canonicalHash: out.canonicalHash, signature: out.signature });
});

it('all vectors of the phone are here', () => {
	expect(VECTORS.map((one) => one.id).sort()).toEqual(
		['V18', 'V19', 'V20', 'V21', 'V22', 'V23', 'V23b', 'V24', 'V25', 'V29'].sort(),
	);
});

it('Twilio JSON: the URL is signed, the hash must be of the body', () => {
	const body = Buffer.from('{"a":1}');
	const url = `https://n8n.test/sms?bodySHA256=${sha256('{"a":1}')}`;
	const signature = twilioSignature('tok', url, {});
	expect(verifyTwilio('tok', signature, url, body, {})).toBe(true);
	expect(verifyTwilio('tok', signature, url, Buffer.from('{"a":2}'), {})).toBe(false);
	const forged = `https://n8n.test/sms?bodySHA256=${sha256('{"a":2}')}`;
	expect(verifyTwilio('tok', signature, forged, Buffer.from('{"a":2}'), {})).toBe(false);
});

it('Twilio: values of one name count once each, sorted', () => {
	expect(twilioSignature('t', 'https://x.test', { a: ['2', '1', '2'] })).toBe(
		twilioSignature('t', 'https://x.test', { a: ['1', '2'] }),
	);
});

it('the ways in which a URL may have been signed', () => {
	expect(urlVariants('https://x.test/sms?a=1')).toEqual([
		'https://x.test/sms?a=1',
		'https://x.test:443/sms?a=1',
	]);
	expect(urlVariants('http://x.test:80/sms')).toEqual([
		'http://x.test/sms',
		'http://x.test:80/sms',
	]);
	// As the provider's libraries normalise it, where it came otherwise.
	expect(urlVariants("http://x.test?q='é")).toEqual(
		expect.arrayContaining(['http://x.test/?q=%27%C3%A9', "http://x.test/?q='%C3%A9"]),
	);
	expect(urlVariants("https://x.test/?a='b c'")).toContain("https://x.test/?a='b%20c'");
	expect(urlVariants('nonsense')).toEqual(['nonsense']);
});
