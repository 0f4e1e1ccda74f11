import { createHmac } from 'node:crypto';
import { runWebhook } from '../../harness/contexts.ts';
import { freshStore } from '../kit/store.ts';
import { INBOUND, triggerNode } from './post.ts';

const TOKEN = createHmac('sha256', INBOUND.signingSecret)
	.update('validate_cra_challenge')
	.digest('hex');

async function get(
	source: string,
	query: object,
	secret = INBOUND.signingSecret,
	authentication = 'headerToken',
) {
	const { response, items } = await runWebhook({
		node: triggerNode({ source, authentication }),
		credentials: freshStore({ itsmNotifyInboundApi: { ...INBOUND, signingSecret: secret } }),
		webhookName: 'setup',
		request: { method: 'GET', query: query as Record<string, string> },
	});
	expect(items).toBeUndefined();
	return { status: response.statusCode, body: response.body };
}

it('GLPI asks with its token and is answered with nothing but the proof', async () => {
	const answer = createHmac('sha256', INBOUND.signingSecret).update(TOKEN).digest('hex');
	expect(await get('glpi', { crc_token: TOKEN })).toEqual({ status: 200, body: answer });
});

it.each<[string, object, string | undefined]>([
	['another secret', { crc_token: TOKEN }, 'other'],
	['no secret set', { crc_token: TOKEN }, ''],
	['a body that somebody wants signed', { crc_token: '{"item":{"id":1}}1704164645' }, undefined],
	['a blank token', { crc_token: '' }, undefined],
	['two tokens', { crc_token: [TOKEN, TOKEN] }, undefined],
])('%s: 401, and nothing signed', async (_name, query, secret) => {
	const call = await get('glpi', query, secret);
	expect(call).toEqual({ status: 401, body: JSON.stringify({ error: 'unauthorized' }) });
});

it('without authentication nothing is proven', async () => {
	const call = await get('glpi', { crc_token: TOKEN }, INBOUND.signingSecret, 'none');
	expect(call.status).toBe(401);
});

it.each<[string, object]>([
	['glpi', {}],
	['jira', { crc_token: TOKEN }],
])('%s: a GET is no event', async (source, query) => {
	expect((await get(source, query)).status).toBe(404);
});
