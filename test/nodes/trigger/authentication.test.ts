import { triggerNode, INBOUND, post } from './post.ts';
import { runWebhookMethod } from '../../harness/contexts.ts';
import { freshStore } from '../kit/store.ts';

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
const header = { authentication: 'headerToken' };
const auth = { authentication: 'basicAuth' };
const signed = { authentication: 'signature', source: 'generic' };

type Row = [name: string, parameters: object, headers: Record<string, string>, inbound?: object];

describe('who is let in', () => {
	it.each<Row>([
		['none asks nothing', { authentication: 'none' }, {}],
		['the token in its header', header, { 'X-ITSM-Token': INBOUND.token }],
		['whatever the case of the name', header, { 'x-itsm-TOKEN': INBOUND.token }],
		['a header of another name', header, { 'X-Mine': 't1' }, { headerName: 'X-Mine', token: 't1' }],
		[
			'Authorization with Bearer before the token',
			header,
			{ Authorization: `Bearer ${INBOUND.token}` },
			{ ...INBOUND, headerName: 'Authorization' },
		],
		[
			'Authorization without it',
			header,
			{ Authorization: INBOUND.token },
			{ ...INBOUND, headerName: 'Authorization' },
		],
		['user and password', auth, { Authorization: basic('itsm:pa:ss-77e2') }],
		[
			'a scheme in lower case',
			auth,
			{
				Authorization:
					basic('itsm:pa:ss-77e2').toLowerCase().slice(0, 6) + basic('itsm:pa:ss-77e2').slice(6),
			},
		],
	])('%s', async (_name, parameters, headers, inbound = INBOUND) => {
		const credentials = freshStore({ itsmNotifyInboundApi: inbound as never });
		const call = await post({ parameters: parameters as never, credentials, request: { headers } });
		expect(call).toMatchObject({ status: 200, starts: true });
		expect(call.events).toHaveLength(1);
	});
});

describe('who is not: 401, no execution, and no word of the secret', () => {
	it.each<Row>([
		['no header', header, {}],
		['an empty header', header, { 'X-ITSM-Token': '' }],
		['a wrong token', header, { 'X-ITSM-Token': 'token-8f31c1' }],
		['the token with more behind it', header, { 'X-ITSM-Token': `${INBOUND.token} ` }],
		['Bearer in a header of another name', header, { 'X-ITSM-Token': `Bearer ${INBOUND.token}` }],
		['the token in another header', header, { Authorization: INBOUND.token }],
		['a blank token is set: blank sent', header, { 'X-ITSM-Token': '' }, { token: '' }],
		['a blank token is set: nothing sent', header, {}, { token: '' }],
		['basic: nothing', auth, {}],
		['basic: wrong password', auth, { Authorization: basic('itsm:pass') }],
		['basic: wrong user', auth, { Authorization: basic('admin:pa:ss-77e2') }],
		['basic: another scheme', auth, { Authorization: 'Bearer itsm:pa:ss-77e2' }],
		['basic: no base64', auth, { Authorization: 'Basic itsm:pa:ss-77e2' }],
		[
			'basic: blank password set',
			auth,
			{ Authorization: basic('itsm:') },
			{ user: 'itsm', password: '' },
		],
		['basic: blank user set', auth, { Authorization: basic(':x') }, { user: '', password: 'x' }],
		['basic: the header token does not open it', auth, { 'X-ITSM-Token': INBOUND.token }],
		['signature: none', signed, {}],
		['signature: blank', signed, { 'X-Hub-Signature-256': '' }],
		['signature: wrong', signed, { 'X-Hub-Signature-256': `sha256=${'a'.repeat(64)}` }],
		[
			'signature: blank secret set',
			signed,
			{ 'X-Hub-Signature-256': `sha256=${'a'.repeat(64)}` },
			{ signingSecret: '  ' },
		],
		['signature: the token does not open it', signed, { 'X-ITSM-Token': INBOUND.token }],
		['signature: auto has none', { authentication: 'signature', source: 'auto' }, {}],
		[
			'signature: a source that does not sign',
			{ authentication: 'signature', source: 'zabbix' },
			{},
		],
	])('%s', async (_name, parameters, headers, inbound = INBOUND) => {
		const credentials = freshStore({ itsmNotifyInboundApi: inbound as never });
		const call = await post({ parameters: parameters as never, credentials, request: { headers } });
		expect(call).toMatchObject({ status: 401, starts: false });
		expect(call.answer).toEqual({ error: 'unauthorized' });
	});

	it.each(['headerToken', 'basicAuth', 'signature'])(
		'%s with no credential selected',
		async (authentication) => {
			const call = await post({
				parameters: { authentication, source: 'generic' },
				select: ['itsmNotifyStoreApi'],
				request: {
					headers: { 'X-ITSM-Token': INBOUND.token, Authorization: basic('itsm:pa:ss-77e2') },
				},
			});
			expect(call).toMatchObject({ status: 401, starts: false });
		},
	);

	it('is the default: a trigger that nobody set up lets nobody in', async () => {
		const fresh = triggerNode({}, ['itsmNotifyStoreApi']);
		delete fresh.parameters.authentication;
		expect(await post({ on: fresh })).toMatchObject({ status: 401, starts: false });
	});
});

describe('activation', () => {
	const create = (parameters: object) =>
		runWebhookMethod('create', { node: triggerNode(parameters as never), credentials: {} });

	it('refuses a signature without a named source, and says what to do', async () => {
		await expect(create({ authentication: 'signature', source: 'auto' })).rejects.toMatchObject({
			name: 'NodeOperationError',
			message: 'Authentication "Signature" needs a named source',
			description: expect.stringContaining('Header Token'),
		});
	});

	it.each([
		{ authentication: 'signature', source: 'jira' },
		{ authentication: 'headerToken', source: 'auto' },
		{ authentication: 'basicAuth', source: 'auto' },
		{ authentication: 'none', source: 'auto' },
	])('accepts %o', async (parameters) => {
		expect((await create(parameters)).result).toBe(true);
	});
});
