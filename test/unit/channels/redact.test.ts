import { redact, redactRequest, secretsOf } from '../../../core/channels/redact';

describe('the secrets of a credential', () => {
	it('are its tokens, passwords, keys and webhook URLs, at any depth', () => {
		const found = secretsOf(
			{
				token: 'xoxb-aaaa',
				password: 'p&ss word',
				corpSecret: 'cccc',
				webhookSecretUrl: 'https://h.test/x',
				encodingAesKey: 'kkkkk',
				host: 'smtp.test',
				user: 'someone',
				agentId: '1000002',
			},
			{ auth: { pass: 'nested' } },
		);
		expect(found).toEqual(
			expect.arrayContaining([
				'xoxb-aaaa',
				'p&ss word',
				'p%26ss%20word',
				'cccc',
				'https://h.test/x',
				'kkkkk',
				'nested',
			]),
		);
		expect(found.join(' ')).not.toMatch(/smtp\.test|someone|1000002/);
	});

	it('are the values of headers that are kept as JSON, with and without their scheme', () => {
		const headersSecret = '{"Authorization":"Bearer abc-123456","X-Account":"acme-0815"}';
		const secrets = secretsOf({ headersSecret });
		for (const echo of ['Bearer abc-123456', 'abc-123456', 'acme-0815'])
			expect(redact(`The gateway says: no account for ${echo}!`, secrets)).not.toContain(
				echo.split(' ').pop(),
			);
	});

	it('are not one-letter words, which would blot out everything', () => {
		expect(secretsOf({ token: 'a', password: '  ' })).toEqual([]);
	});
});

describe('redact', () => {
	it.each([
		['a known value', 'failed with s3cret!', 'failed with ***'],
		['a known value in a URL', 'GET /x?q=s3cret%21', 'GET /x?q=***'],
		[
			'an access token',
			'https://w.test/send?access_token=abc123&x=1',
			'https://w.test/send?access_token=***&x=1',
		],
		[
			'a corporation secret',
			'gettoken?corpid=ww1&corpsecret=zzz',
			'gettoken?corpid=ww1&corpsecret=***',
		],
		[
			'a robot key',
			'https://q.test/cgi-bin/webhook/send?key=693a-91',
			'https://q.test/cgi-bin/webhook/send?key=***',
		],
		['a bearer header', 'authorization: Bearer abc.def-1', 'authorization: Bearer ***'],
		[
			'a Slack webhook',
			'https://hooks.slack.com/services/T0/B0/xyz failed',
			'https://hooks.slack.com/services/*** failed',
		],
		['a Slack token', 'token xoxb-1-2-abc is bad', 'token *** is bad'],
		['a password in a URL', 'smtp://me:pw@mail.test:25', 'smtp://***@mail.test:25'],
		['nothing else', 'Channel #ops is archived: INC-1', 'Channel #ops is archived: INC-1'],
	])('hides %s', (_name, text, expected) => {
		expect(redact(text, secretsOf({ secret: 's3cret!' }))).toBe(expected);
	});

	it('hides them in every part of a request', () => {
		const shown = JSON.stringify([
			redactRequest(
				{
					kind: 'http',
					method: 'POST',
					url: 'https://x.test/?sig=topsecret',
					headers: { authorization: 'Bearer topsecret' },
					body: { a: ['topsecret'] },
				},
				['topsecret'],
			),
			redactRequest(
				{ kind: 'http', method: 'POST', url: 'https://x.test', body: Buffer.from('topsecret') },
				[],
			),
			redactRequest(
				{
					kind: 'smtp',
					transport: { host: 'h', auth: { user: 'u', pass: 'topsecret' } },
					mail: { text: 'topsecret' },
				},
				['topsecret'],
			),
		]);
		expect(shown).not.toContain('topsecret');
		expect(shown).toContain('"host":"h"');
	});
});

describe('a secret that was cut with the answer it stood in', () => {
	const secrets = ['https://hook.test/s3cret-path', 's3cret-token'];

	it.each([
		['answered: xx s3cret-tok', 'answered: xx ***'],
		['failed (see s3cret-t)', 'failed (see ***)'],
		['posted to https://hook.test/s3c', 'posted to ***'],
		['no s3cret', 'no ***'],
		['no s3c', 'no s3c'],
		['s3cret-tokens are long', '***s are long'],
	])('%s', (text, expected) => expect(redact(text, secrets)).toBe(expected));
});
