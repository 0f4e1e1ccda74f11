import { slackSignature, verifySlackSignature } from '../../../core/channels/slack/signature';

describe('signature (V1)', () => {
	const secret = '8f742231b10e8888abcd99yyyzzz85a5';
	const timestamp = '1531420618';
	const rawBody =
		'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
	const signature = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503';
	const now = new Date((1531420618 + 299) * 1000);
	const verify = (given: object, at = now, key = secret) =>
		verifySlackSignature(key, { timestamp, rawBody, signature, ...given }, at).ok;

	it('is that of the published example', () => {
		expect(slackSignature(secret, timestamp, rawBody)).toBe(signature);
		expect(verify({})).toBe(true);
		expect(verify({ rawBody: Buffer.from(rawBody) })).toBe(true);
	});

	it('refuses everything else', () => {
		expect(verify({ rawBody: `${rawBody}x` })).toBe(false);
		expect(verify({ signature: `${signature.slice(0, -1)}4` })).toBe(false);
		expect(verify({ signature: '' })).toBe(false);
		expect(verify({ timestamp: undefined })).toBe(false);
		expect(verify({}, new Date((1531420618 + 301) * 1000))).toBe(false);
		expect(verify({}, now, '')).toBe(false);
	});
});
