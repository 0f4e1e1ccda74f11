import { createHmac } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import {
	glpiChallengeAnswer,
	isVerifiable,
	SOURCE_IDS,
	VERIFIABLE_SOURCES,
	verifySource,
	type SourceId,
	type VerifyOptions,
} from '../../../core/events';

const SECRET = 'topsecret';
const BODY = Buffer.from('7b22736179223a2268c3a96c6c6f20e29883227d', 'hex');
const STAMP = '1704164645';
const NOW = new Date('2024-01-02T03:04:35Z');
const PLAIN = 'de1e9f133024ae10ec2f0468bb8585017950abb3f861cd08b54d90a162ab598a';

type Headers = Record<string, string>;
const verify = (
	source: SourceId,
	headers: Headers,
	secret: string | string[] = SECRET,
	rawBody: Buffer | undefined = BODY,
	now: Date | number = NOW,
	options?: VerifyOptions,
) => verifySource(source, secret, { headers, rawBody }, now, options);
const OK = { ok: true };
const refused = (code: string) => ({ ok: false, code });

/** One request per source that is signed as the source signs. Values: own known answers over SECRET and BODY. */
const SIGNED: Array<[source: SourceId, headers: Headers]> = [
	[
		'zendesk',
		{
			'X-Zendesk-Webhook-Signature': 'YVQw1UJTE8dMd1S8vHWCU6Qj60GTL/1ufWaWm7Wdk88=',
			'X-Zendesk-Webhook-Signature-Timestamp': '2024-01-02T03:04:05Z',
		},
	],
	['jira', { 'X-Hub-Signature': `sha256=${PLAIN}` }],
	['generic', { 'X-Hub-Signature-256': `sha256=${PLAIN}` }],
	['pagerDuty', { 'X-PagerDuty-Signature': `v1=${PLAIN}` }],
	['grafana', { 'X-Grafana-Alerting-Signature': PLAIN }],
	[
		'grafana',
		{
			'X-Grafana-Alerting-Signature':
				'60f1c58522b4968fc2ddcec26f2a517f3d36bc8de3c311abfcfb7a54a963d9fd',
			'X-Grafana-Alerting-Timestamp': STAMP,
		},
	],
	['zammad', { 'X-Hub-Signature': 'sha1=e59c74cfde493dc0016373ec67b7084ef1cba036' }],
	[
		'glpi',
		{
			'X-GLPI-signature': 'fc4a69402e21c234ab67f76e9a52a11ffa34579bd403db1c08a5ce355246e209',
			'X-GLPI-timestamp': STAMP,
		},
	],
	[
		'requestTracker',
		{
			'X-RT-Signature': 'sha256=6497b6a2d55b40548b8a3c7bb2074c37a61f0ae4680ed8e46fc4c251fefe5a68',
			'X-RT-Timestamp': STAMP,
		},
	],
	[
		'generic',
		{
			'X-Hub-Signature-256':
				'sha256=6497b6a2d55b40548b8a3c7bb2074c37a61f0ae4680ed8e46fc4c251fefe5a68',
			'X-Hub-Timestamp': STAMP,
		},
	],
	[
		'serviceNow',
		{
			'X-ServiceNow-Signature': 'ZJe2otVbQFSLijx7sgdMN6YfCuRoDtjkb8TCUf7+Wmg=',
			'X-ServiceNow-Timestamp': STAMP,
		},
	],
];

describe('known answers', () => {
	it.each(SIGNED)('own: %s', (source, headers) => {
		expect(verify(source, headers)).toEqual(OK);
	});

	it.each<[string, SourceId, string, string, string]>([
		[
			'Atlassian',
			'jira',
			'X-Hub-Signature',
			'Hello World!',
			'sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9',
		],
		[
			'GitHub',
			'generic',
			'X-Hub-Signature-256',
			'Hello, World!',
			'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
		],
	])('published: %s', (_name, source, name, message, signature) => {
		expect(
			verify(source, { [name]: signature }, "It's a Secret to Everybody", Buffer.from(message)),
		).toEqual(OK);
		expect(
			verify(
				source,
				{ [name]: signature },
				"It's a Secret to Everybody",
				Buffer.from(`${message} `),
			),
		).toEqual(refused('bad_signature'));
	});

	it('Zendesk: timestamp before the body, as documented today; the superseded order is refused', () => {
		const secret = 'HRkRd4BeOAoUkfZr-mhauJT64rvBASlJRoIyPsd3zeA=';
		const check = (signature: string) =>
			verify(
				'zendesk',
				{
					'x-zendesk-webhook-signature': signature,
					'x-zendesk-webhook-signature-timestamp': '2021-07-25T10:00:00Z',
				},
				secret,
				Buffer.from('{"say": "hello"}'),
				new Date('2021-07-25T10:01:00Z'),
			);
		expect(check('Rry/4TtIdFyawtXXp8QdI6tlAUUQ/5kL1OTp5qo/ZIk=')).toEqual(OK);
		expect(check('tRDSF7URY8BLCDlaBcQ7FHu051Zk+aAB0NKMP53teMw=')).toEqual(refused('bad_signature'));
	});

	it('GLPI challenge', () => {
		const token = 'd89c60cdd2886bd1457dcad78228bf93715805b2ffb93a251a1c306ea282a967';
		const answer = 'ef1f3d7d3ca0b4d5772fc1a9232bb316696fe22e7ed43ae7c2c335664267d006';
		expect(glpiChallengeAnswer(SECRET, token)).toBe(answer);
		expect(glpiChallengeAnswer(['old', SECRET], token)).toBe(answer);
		for (const wrong of ['', undefined, 'zz', token.replace('d', 'e'), token.slice(2)]) {
			expect(glpiChallengeAnswer(SECRET, wrong)).toBeUndefined();
		}
		expect(glpiChallengeAnswer('', token)).toBeUndefined();
	});
});

describe('what is refused', () => {
	it.each(SIGNED)('%s: another body, another secret, no raw body', (source, headers) => {
		expect(verify(source, headers, SECRET, Buffer.concat([BODY, Buffer.from(' ')]))).toEqual(
			refused('bad_signature'),
		);
		expect(verify(source, headers, 'Topsecret')).toEqual(refused('bad_signature'));
		expect(verifySource(source, SECRET, { headers }, NOW)).toEqual(refused('missing_raw_body'));
	});

	it.each(SIGNED)('%s: a signature that is missing, blank, cut or decorated', (source, headers) => {
		const [name, value] = Object.entries(headers)[0];
		const given = (signature: string) => verify(source, { ...headers, [name]: signature });
		expect(given('')).toEqual(refused('missing_signature'));
		expect(given('   ')).toEqual(refused('missing_signature'));
		for (const bad of [
			value.slice(0, -3),
			`${value}00`,
			`x${value}`,
			'sha256=',
			'v1=',
			'☃'.repeat(40),
			'A'.repeat(100_000),
		]) {
			expect(given(bad)).toEqual(refused('malformed_signature'));
		}
	});

	it.each(SIGNED)('%s: a blank secret never matches', (source, headers) => {
		const blank = Object.fromEntries(
			Object.entries(headers).map(([name]) => [
				name,
				createHmac('sha256', '').update(BODY).digest('hex'),
			]),
		);
		for (const secret of ['', '  ', '\n,', []]) {
			expect(verify(source, headers, secret)).toEqual(refused('missing_secret'));
			expect(verify(source, blank, secret)).toEqual(refused('missing_secret'));
		}
	});

	const STAMPED = SIGNED.filter(([, headers]) => Object.keys(headers).length === 2);

	it.each(STAMPED)('%s: a timestamp that is missing or not the signed one', (source, headers) => {
		const [[name, value], [stamp]] = Object.entries(headers);
		expect(verify(source, { [name]: value, [stamp]: '1704164646' }).ok).toBe(false);
		expect(verify(source, { [name]: value }).ok).toBe(false);
		expect(verify(source, { [name]: value, [stamp]: ' ' }).ok).toBe(false);
	});

	it.each(STAMPED)('%s: too old, or too far ahead', (source, headers) => {
		const limit = source === 'glpi' ? 24 * 3600 : 300;
		const at = (seconds: number) =>
			verify(source, headers, SECRET, BODY, Date.parse('2024-01-02T03:04:05Z') + seconds * 1000);
		expect(at(limit)).toEqual(OK);
		expect(at(limit + 1)).toEqual(refused('stale_timestamp'));
		expect(at(-300)).toEqual(OK);
		expect(at(-301)).toEqual(refused('stale_timestamp'));
	});

	it('does not fall back to the body alone where the timestamp header is set', () => {
		const headers = { 'X-Grafana-Alerting-Signature': PLAIN };
		const options = { timestampHeader: 'X-Signed-At' };
		expect(verify('grafana', headers, SECRET, BODY, NOW, options)).toEqual(
			refused('missing_timestamp'),
		);
		expect(
			verify('grafana', { ...headers, 'X-Signed-At': STAMP }, SECRET, BODY, NOW, options),
		).toEqual(refused('bad_signature'));
	});

	it.each(['grafana', 'generic'] as const)(
		'%s: a timestamp that stands there is signed',
		(source) => {
			const name = source === 'grafana' ? 'X-Grafana-Alerting-Signature' : 'X-Hub-Signature-256';
			const signature = source === 'grafana' ? PLAIN : `sha256=${PLAIN}`;
			expect(verify(source, { [name]: signature })).toEqual(OK);
			expect(verify(source, { [name]: signature, 'X-Alert-Timestamp': STAMP })).toEqual(
				refused('bad_signature'),
			);
		},
	);

	it('takes SHA-1 from Zammad only', () => {
		expect(
			verify('jira', { 'X-Hub-Signature': 'sha1=e59c74cfde493dc0016373ec67b7084ef1cba036' }),
		).toEqual(refused('malformed_signature'));
	});

	it.each(SOURCE_IDS.filter((id) => !isVerifiable(id)))('%s has no signature', (source) => {
		expect(verify(source, { 'X-Hub-Signature-256': `sha256=${PLAIN}` })).toEqual(
			refused('signature_unsupported'),
		);
	});
});

describe('rotation and names', () => {
	it.each([
		['an array', ['old', SECRET]],
		['lines', `old\r\n${SECRET}\n`],
		['commas', `${SECRET}, old`],
	])('takes several secrets: %s', (_name, secret) => {
		expect(verify('jira', { 'x-hub-signature': `sha256=${PLAIN}` }, secret)).toEqual(OK);
	});

	it('takes a secret that holds a comma as one', () => {
		const signature = createHmac('sha256', 'a,b').update(BODY).digest('hex');
		expect(verify('jira', { 'x-hub-signature': `sha256=${signature}` }, 'a,b')).toEqual(OK);
	});

	it('PagerDuty: the known answer of its webhooks v3', () => {
		const body = Buffer.from('{"event":1}');
		const signature = '07f40978bdde4818e0e0c39142a83fd143b5f7de3687008fcebe76a9502a7d7f';
		const headers = { 'X-PagerDuty-Signature': `v1=${signature}` };
		expect(verify('pagerDuty', headers, 'secret', body)).toEqual(OK);
		expect(verify('pagerDuty', headers, 'secret', Buffer.from('{"event":2}'))).not.toEqual(OK);
	});

	it('PagerDuty: any of several v1 signatures may match, other versions do not count', () => {
		const other = 'v1=7020c8a7ec668a9b7012bc3dd82e483394b038f4230acc6785efbf2a7d8bcaf5';
		expect(verify('pagerDuty', { 'X-PagerDuty-Signature': `${other},v1=${PLAIN}` })).toEqual(OK);
		expect(verify('pagerDuty', { 'X-PagerDuty-Signature': other })).toEqual(
			refused('bad_signature'),
		);
		expect(verify('pagerDuty', { 'X-PagerDuty-Signature': `v2=${PLAIN}` })).toEqual(
			refused('malformed_signature'),
		);
	});

	it('takes a header name that the admin chose', () => {
		expect(
			verify('grafana', { 'X-Mine': PLAIN }, SECRET, BODY, NOW, { signatureHeader: 'x-mine' }),
		).toEqual(OK);
	});

	it('says which sources sign', () => {
		expect([...VERIFIABLE_SOURCES].sort()).toEqual([
			'generic',
			'glpi',
			'grafana',
			'jira',
			'pagerDuty',
			'requestTracker',
			'serviceNow',
			'zammad',
			'zendesk',
		]);
	});
});
