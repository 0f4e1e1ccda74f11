import { smtpError, transportError } from '../../../core/channels/transport';
import { OutcomeError, TransportError } from '../../../core/channels/types';

const thrown = (fields: object, message = 'boom'): Error =>
	Object.assign(new Error(message), fields);

describe('a lost HTTP call', () => {
	const rows: Array<[string, unknown, string, boolean]> = [
		[
			'a refused connection',
			thrown({ code: 'ECONNREFUSED', syscall: 'connect' }),
			'connection_refused',
			false,
		],
		['no such host', thrown({ code: 'ENOTFOUND' }), 'dns', false],
		['DNS that is down', thrown({ code: 'EAI_AGAIN' }), 'dns', false],
		['no route', thrown({ code: 'EHOSTUNREACH' }), 'unreachable', false],
		['a certificate', thrown({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), 'tls', false],
		['an expired one', thrown({ code: 'CERT_HAS_EXPIRED' }), 'tls', false],
		['a failed handshake', thrown({ code: 'EPROTO' }), 'tls', false],
		[
			'a time-out while connecting',
			thrown({ code: 'ETIMEDOUT', syscall: 'connect' }),
			'timeout',
			false,
		],
		['a time-out after that', thrown({ code: 'ETIMEDOUT', syscall: 'read' }), 'timeout', true],
		[
			'axios’ own time-out',
			thrown({ code: 'ECONNABORTED' }, 'timeout of 10000ms exceeded'),
			'timeout',
			true,
		],
		['a reset', thrown({ code: 'ECONNRESET' }), 'connection_reset', true],
		[
			'a reset while connecting',
			thrown({ code: 'ECONNRESET', syscall: 'connect' }),
			'connection_reset',
			false,
		],
		['a broken pipe', thrown({ code: 'EPIPE' }), 'connection_reset', true],
		['a hang-up', new Error('socket hang up'), 'connection_reset', true],
		['an abort signal', thrown({ name: 'TimeoutError' }), 'timeout', true],
		[
			'what fetch wraps',
			thrown({ cause: thrown({ code: 'ECONNREFUSED' }) }, 'fetch failed'),
			'connection_refused',
			false,
		],
		[
			'what fetch wraps of many addresses',
			thrown({ cause: thrown({ errors: [thrown({ code: 'ECONNREFUSED' })] }) }),
			'connection_refused',
			false,
		],
		['anything else may have arrived', new Error('?'), 'network', true],
		['a text', 'nope', 'network', true],
	];
	it.each(rows)('%s', (_name, error, code, sent) => {
		const { name, ...known } = transportError(error);
		expect([name, known.code, known.sent]).toEqual(['TransportError', code, sent]);
	});

	it('stays what it is', () => {
		const error = new TransportError('dns', 'x', false);
		expect(transportError(error)).toBe(error);
	});
});

describe('a lost SMTP call', () => {
	const rows: Array<[string, Error, boolean, string, boolean]> = [
		[
			'before the message went out is not in doubt',
			thrown({ code: 'ETIMEDOUT', command: 'CONN' }),
			false,
			'timeout',
			false,
		],
		['after it went out is', thrown({ code: 'ETIMEDOUT', command: 'CONN' }), true, 'timeout', true],
		[
			'by a reset after it went out too',
			thrown({ code: 'ECONNECTION', command: 'CONN' }),
			true,
			'connection_reset',
			true,
		],
		['by our own limit', thrown({ code: 'EABORT' }), true, 'timeout', true],
		['for want of an address', thrown({ code: 'EDNS' }), false, 'dns', false],
		[
			'at a closed port',
			thrown({ code: 'ESOCKET' }, 'connect ECONNREFUSED 127.0.0.1:1'),
			false,
			'connection_refused',
			false,
		],
		[
			'by STARTTLS',
			thrown({ code: 'ETLS' }, 'Error upgrading connection with STARTTLS'),
			false,
			'tls',
			false,
		],
	];
	it.each(rows)('%s', (_name, error, written, code, sent) => {
		expect(smtpError(error, written)).toMatchObject({ name: 'TransportError', code, sent });
	});

	it('is a verdict where the server gave one, or its certificate is not accepted', () => {
		const refused = smtpError(
			thrown({
				code: 'EENVELOPE',
				responseCode: 550,
				response: '550 5.1.1 unknown',
				command: 'RCPT TO',
			}),
			false,
		);
		expect(refused).toBeInstanceOf(OutcomeError);
		expect((refused as OutcomeError).outcome).toMatchObject({
			class: 'recipient',
			code: '550 5.1.1',
		});
		const certificate = smtpError(thrown({ code: 'ESOCKET' }, 'self-signed certificate'), false);
		expect((certificate as OutcomeError).outcome).toMatchObject({
			class: 'config',
			code: 'tls_certificate',
		});
	});
});
