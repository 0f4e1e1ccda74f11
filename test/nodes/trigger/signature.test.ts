import { createHmac } from 'node:crypto';
import { webhook as jira } from '../../fixtures/events/jira.ts';
import { rt, zammad } from '../../fixtures/events/open-desks.ts';
import { seed } from '../../fixtures/events/seed.ts';
import { template as serviceNow } from '../../fixtures/events/service-now.ts';
import { setClock } from '../kit/clock.ts';
import { freshStore } from '../kit/store.ts';
import { INBOUND, post } from './post.ts';

const SECRET = INBOUND.signingSecret;
/** Signed as the senders sign, over bytes that a JSON round trip would not give back. */
const spaced = (body: unknown) => JSON.stringify(body, null, 2).replace(/"(\w+)":/g, '"$1" :');
const hmac = (digest: string, encoding: 'hex' | 'base64', ...parts: string[]) =>
	createHmac(digest, SECRET).update(parts.join('')).digest(encoding);

const send = (source: string, raw: string | Buffer, headers: Record<string, string>) =>
	post({
		parameters: { authentication: 'signature', source },
		credentials: freshStore({ itsmNotifyInboundApi: INBOUND }),
		request: { body: raw, headers: { 'content-type': 'application/json', ...headers } },
	});

type Signer = (raw: string, stamp: string) => Record<string, string>;

const SOURCES: Array<[source: string, body: unknown, sign: Signer]> = [
	[
		'jira',
		jira('jira:issue_created'),
		(raw) => ({ 'X-Hub-Signature': `sha256=${hmac('sha256', 'hex', raw)}` }),
	],
	['zammad', zammad(), (raw) => ({ 'X-Hub-Signature': `sha1=${hmac('sha1', 'hex', raw)}` })],
	[
		'serviceNow',
		serviceNow('insert'),
		(raw, stamp) => ({
			'X-ServiceNow-Signature': hmac('sha256', 'base64', stamp, '.', raw),
			'X-ServiceNow-Timestamp': stamp,
		}),
	],
	[
		'requestTracker',
		rt({ type: 'Create' }),
		(raw, stamp) => ({
			'X-RT-Signature': `sha256=${hmac('sha256', 'hex', stamp, '.', raw)}`,
			'X-RT-Timestamp': stamp,
		}),
	],
	['generic', seed, (raw) => ({ 'X-Hub-Signature-256': `sha256=${hmac('sha256', 'hex', raw)}` })],
];

describe.each(SOURCES)('%s', (source, body, sign) => {
	const raw = spaced(body);
	const now = () => String(Math.floor(Date.now() / 1000));

	it('the signature over the raw body: an event', async () => {
		const call = await send(source, raw, sign(raw, now()));
		expect(call).toMatchObject({ status: 200, starts: true });
		expect(call.events).toHaveLength(1);
	});

	it('the same JSON in other bytes: 401', async () => {
		const call = await send(source, JSON.stringify(body), sign(raw, now()));
		expect(call).toMatchObject({ status: 401, starts: false });
	});

	it('no signature, only a timestamp: 401', async () => {
		const stamps = Object.entries(sign(raw, now())).filter(([name]) => /timestamp/i.test(name));
		expect(await send(source, raw, Object.fromEntries(stamps))).toMatchObject({ status: 401 });
	});
});

describe.each(SOURCES.filter(([source]) => /Now|Tracker/.test(source)))(
	'%s signs its time',
	(source, body, sign) => {
		const raw = spaced(body);
		it.each([
			[290, 200],
			[310, 401],
		])('%i seconds old: %i', async (age, status) => {
			const stamp = String(Math.floor(Date.now() / 1000) - age);
			expect(await send(source, raw, sign(raw, stamp))).toMatchObject({ status });
		});
	},
);

describe('known answers of facts/itsm-sources.md (the body is no event: let in is 400, refused is 401)', () => {
	const BODY = Buffer.from('7b22736179223a2268c3a96c6c6f20e29883227d', 'hex');
	const stamp = '1704164645';
	const signature = '6497b6a2d55b40548b8a3c7bb2074c37a61f0ae4680ed8e46fc4c251fefe5a68';

	beforeEach(() => setClock(Number(stamp) * 1000));

	it.each<[string, Record<string, string>]>([
		[
			'jira',
			{
				'X-Hub-Signature':
					'sha256=de1e9f133024ae10ec2f0468bb8585017950abb3f861cd08b54d90a162ab598a',
			},
		],
		['zammad', { 'X-Hub-Signature': 'sha1=e59c74cfde493dc0016373ec67b7084ef1cba036' }],
		['requestTracker', { 'X-RT-Signature': `sha256=${signature}`, 'X-RT-Timestamp': stamp }],
		[
			'serviceNow',
			{
				'X-ServiceNow-Signature': 'ZJe2otVbQFSLijx7sgdMN6YfCuRoDtjkb8TCUf7+Wmg=',
				'X-ServiceNow-Timestamp': stamp,
			},
		],
	])('%s', async (source, headers) => {
		expect((await send(source, BODY, headers)).status).toBe(400);
		const [name, value] = Object.entries(headers)[0];
		const other = value.replace(/.$/, value.endsWith('a') ? 'b' : 'a').replace(/=a$/, '=');
		expect((await send(source, BODY, { ...headers, [name]: other })).status).toBe(401);
		expect((await send(source, Buffer.concat([BODY, Buffer.from(' ')]), headers)).status).toBe(401);
	});
});

it('takes the old and the new secret while they are changed', async () => {
	const raw = JSON.stringify(seed);
	const credentials = freshStore({
		itsmNotifyInboundApi: { ...INBOUND, signingSecret: `brand-new, ${SECRET}` },
	});
	const call = await post({
		parameters: { authentication: 'signature', source: 'generic' },
		credentials,
		request: {
			body: raw,
			headers: {
				'content-type': 'application/json',
				'X-Hub-Signature-256': `sha256=${hmac('sha256', 'hex', raw)}`,
			},
		},
	});
	expect(call).toMatchObject({ status: 200, starts: true });
});
