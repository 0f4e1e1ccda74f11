import fc from 'fast-check';

import { channels } from '../../core/channels';
import { twilioSignature, verifyTwilio } from '../../core/channels/sms/twilio-signature';
import { createRecorder, startSms } from '../../sandbox/simulators/index.ts';
import { deliver } from '../integration/channels/http';
import { incident } from '../unit/channels/cards';
import { around, aRequest, startHook } from './hook';
import { sdk } from './sdk';

type Form = Record<string, string | string[]>;
interface Twilio {
	getExpectedTwilioSignature(token: string, url: string, form: Form): string;
	getExpectedBodyHash(body: string): string;
	validateRequest(token: string, signature: string, url: string, form: Form): boolean;
	validateRequestWithBody(token: string, signature: string, url: string, body: string): boolean;
}

const twilio = sdk<Twilio>('twilio');
const NONE = new Uint8Array();
const TOKEN = '12345';
const receive = channels.sms.inbound!.receive;
const credential = {
	provider: 'twilio',
	accountSid: 'AC1',
	authToken: TOKEN,
	from: '+15017122661',
};

const words = fc.string({ unit: 'grapheme', maxLength: 20 });
const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,8}$/);
const form = fc.dictionary(name, fc.array(words, { minLength: 1, maxLength: 3 }), { maxKeys: 6 });

/** A list of one and a plain text are the same to the SDK. */
const asParsed = (fields: Record<string, string[]>): Form =>
	Object.fromEntries(
		Object.entries(fields).map(([key, values]) => [key, values.length === 1 ? values[0] : values]),
	);
const encoded = (fields: Record<string, string[]>): string =>
	new URLSearchParams(
		Object.entries(fields).flatMap(([key, values]) =>
			values.map((value): [string, string] => [key, value]),
		),
	).toString();

const URLS = [
	'https://n8n.test/webhook/a1/itsm/sms',
	'https://n8n.test:8443/webhook/a1/itsm/sms',
	'https://n8n.test:443/hook?key=a%2Fb',
	'http://n8n.test:80/hook',
	'http://n8n.test/hook?',
	'https://user:pass@n8n.test/hook?foo=1&bar=2',
	'https://n8n.test/hook?q=a%20b&r=a+b',
	"https://n8n.test/hook?q=it's (so)!*",
	'https://n8n.test/hook?q=%27quoted%27',
	'https://n8n.test/hook?q=工单&r=%E5%B7%A5',
	'https://N8N.Test/Hook?A=b',
	'https://[::1]:5678/hook?x=1',
	'https://n8n.test/a b/ü?x=1',
	'https://n8n.test/hook?a=1&a=2&=&b',
	'https://n8n.test/hook#part',
];
const url = fc.oneof(
	fc.constantFrom(...URLS),
	fc.webUrl({ withQueryParameters: true, withFragments: false }),
);

it('signs as the SDK signs, every form and URL', () => {
	fc.assert(
		fc.property(words, url, form, (token, address, fields) => {
			expect(twilioSignature(token, address, fields)).toBe(
				twilio.getExpectedTwilioSignature(token, address, asParsed(fields)),
			);
		}),
		{ numRuns: 300 },
	);
});

/** The forms of one address in which a back end may have signed it. */
const port = (address: string): string =>
	address.replace(/^(https?):\/\/([^/?#@]*@)?(\[[^\]]*\]|[^/?#:]+)(?=[/?#]|$)/, (all, scheme) =>
		scheme === 'https' ? `${all}:443` : `${all}:80`,
	);
const FORMS: Array<(address: string) => string> = [
	(address) => address,
	port,
	(address) => address.replace(/:(443|80|8443|5678)(?=[/?#]|$)/, ''),
	(address) => new URL(address).toString(),
	(address) => port(new URL(address).toString()),
	(address) => address.replace(/%27/g, "'"),
	(address) => `${address}${address.includes('?') ? '&' : '?'}more=1`,
	(address) => address.replace('n8n.test', 'other.test'),
	(address) => address.toUpperCase(),
];

it('takes and refuses what the SDK takes and refuses, however the URL was signed', () => {
	fc.assert(
		fc.property(url, form, fc.constantFrom(...FORMS), (called, fields, signedAs) => {
			const signature = twilio.getExpectedTwilioSignature(
				TOKEN,
				signedAs(called),
				asParsed(fields),
			);
			const theirs = twilio.validateRequest(TOKEN, signature, called, asParsed(fields));
			expect(verifyTwilio(TOKEN, signature, called, NONE, fields)).toBe(theirs);
		}),
		{ numRuns: 2000 },
	);
});

describe('calls', () => {
	const sms = (body: string, address: string, signature: string, type: string) =>
		receive(
			aRequest({
				url: address,
				rawBody: Buffer.from(body),
				headers: { 'content-type': type, 'x-twilio-signature': signature },
			}),
			around(credential),
		);
	const FORM = 'application/x-www-form-urlencoded; charset=UTF-8';

	it('with a form that the SDK signs are taken; with another field they are not', async () => {
		const texts = words.filter(
			(text) => !/^\s*(stop|stopall|unsubscribe|cancel|end|quit)\s*$/i.test(text),
		);
		await fc.assert(
			fc.asyncProperty(url, texts, form, async (address, text, more) => {
				const fields = {
					...more,
					MessageSid: ['SM1'],
					From: ['+15017122661'],
					Body: [`ack ${text}`],
				};
				const signature = twilio.getExpectedTwilioSignature(TOKEN, address, asParsed(fields));
				const taken = await sms(encoded(fields), address, signature, FORM);
				expect(taken.kind).not.toBe('refused');
				const changed = { ...fields, Body: [`ack ${text}!`] };
				expect(await sms(encoded(changed), address, signature, FORM)).toEqual({
					kind: 'refused',
					status: 401,
					code: 'bad_signature',
				});
			}),
		);
	});

	it('with JSON and bodySHA256 too', async () => {
		const json = fc.record({
			MessageSid: fc.constant('SM1'),
			MessageStatus: fc.constant('delivered'),
			Note: words,
		});
		await fc.assert(
			fc.asyncProperty(json, fc.boolean(), async (given, isChanged) => {
				const body = JSON.stringify(given);
				const address = `https://n8n.test/hook?x=1&bodySHA256=${twilio.getExpectedBodyHash(body)}`;
				const signature = twilio.getExpectedTwilioSignature(TOKEN, address, {});
				const arrived = isChanged ? `${body} ` : body;
				const theirs = twilio.validateRequestWithBody(TOKEN, signature, address, arrived);
				const ours = await sms(arrived, address, signature, 'application/json');
				expect(theirs).toBe(!isChanged);
				expect(ours.kind === 'calls').toBe(theirs);
			}),
		);
	});

	it('of our simulator pass the SDK', async () => {
		const hook = await startHook('/hook?key=a%2Fb&q=1');
		const simulator = await startSms({
			recorder: createRecorder(),
			config: {
				numbers: ['+8613800138000'],
				twilio: { accountSid: 'AC1', authToken: TOKEN, from: '+15017122661' },
			},
		});
		simulator.setCallbackUrl(hook.url);
		const own = { ...credential, baseUrl: simulator.url, statusCallbackUrl: hook.url };
		const sent = await deliver(
			channels.sms,
			channels.sms.draw(incident),
			{ number: '+8613800138000' },
			own,
		);
		expect(sent).toMatchObject({ ok: true });
		await simulator.say('+8613800138000', '确认 42 & more=1');
		expect(hook.heard).toHaveLength(1);
		for (const { url: called, rawBody, headers } of hook.heard) {
			const fields = Object.fromEntries(new URLSearchParams(Buffer.from(rawBody).toString()));
			const signature = headers['x-twilio-signature']!;
			expect(twilio.validateRequest(TOKEN, signature, called, fields)).toBe(true);
			expect(twilio.validateRequest('other', signature, called, fields)).toBe(false);
		}
		hook.close();
		await simulator.close();
	});
});
