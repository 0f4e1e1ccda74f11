import { drawMessage } from '../../../sandbox/inbox/draw/index.ts';
import { createRecorder, startTeams } from '../../../sandbox/simulators/index.ts';
import type { Recorder, TeamsSimulator } from '../../../sandbox/simulators/index.ts';

type Json = Record<string, ReturnType<typeof JSON.parse>>;
const clock = 1_800_000_000_000;
let recorder: Recorder;
let teams: TeamsSimulator;
let token = '';

async function login(more: Record<string, string> = {}, tenant = 't'): Promise<Json> {
	const response = await fetch(`${teams.url}/${tenant}/oauth2/v2.0/token`, {
		method: 'POST',
		body: new URLSearchParams({
			grant_type: 'client_credentials',
			client_id: 'a',
			client_secret: 's',
			scope: 'https://api.botframework.com/.default',
			...more,
		}),
	});
	return { http: response.status, ...((await response.json()) as Json) };
}
async function post(path: string, body: unknown, method = 'POST'): Promise<Json> {
	const response = await fetch(teams.url + path, {
		method,
		headers: { authorization: `Bearer ${token}` },
		body: JSON.stringify(body),
	});
	const text = await response.text();
	return { http: response.status, ...(text ? (JSON.parse(text) as Json) : {}) };
}
const CHANNEL = '/teams/v3/conversations/19%3Ac%40thread.tacv2/activities';
const cards = (body: unknown[], extra: Json = {}): Json => ({
	type: 'message',
	attachments: [
		{
			contentType: 'application/vnd.microsoft.card.adaptive',
			content: { type: 'AdaptiveCard', version: '1.4', body, ...extra },
		},
	],
});
const block = { type: 'TextBlock', text: 'x' };
const open = (more: Json = {}) =>
	post('/teams/v3/conversations', {
		bot: { id: '28:a' },
		members: [{ id: 'u1' }],
		isGroup: false,
		tenantId: 't',
		...more,
	});

beforeEach(async () => {
	recorder = createRecorder();
	teams = await startTeams({
		recorder,
		config: {
			appId: 'a',
			appSecret: 's',
			tenantId: 't',
			users: [{ aadObjectId: 'u1' }, { aadObjectId: 'u2', installed: false }],
			conversations: { '19:c@thread.tacv2': { name: 'C' } },
			workflows: { w: 'C' },
			now: () => clock,
		},
	});
	token = String((await login()).access_token);
});
afterEach(() => teams.close());

it('signs in who is who', async () => {
	expect(await login({ client_secret: 'x' })).toMatchObject({ http: 401, error: 'invalid_client' });
	expect(await login({ client_id: 'x' })).toMatchObject({ error: 'unauthorized_client' });
	expect(await login({ scope: 'x' })).toMatchObject({ error: 'invalid_scope' });
	expect(await login({}, 'botframework.com')).toMatchObject({ error: 'invalid_request' });
	token = 'x';
	expect(await post(CHANNEL, cards([block]))).toMatchObject({ http: 401 });
});

it('opens a chat with a person of the tenant who has the app', async () => {
	const { http, id } = await open();
	expect(http).toBe(201);
	expect(
		await post(`/teams/v3/conversations/${encodeURIComponent(id)}/activities`, cards([block])),
	).toMatchObject({ http: 201 });
	expect(recorder.messages()[0]).toMatchObject({ to: ['u1'] });
	expect(await open({ members: [{ id: 'u2' }] })).toMatchObject({
		http: 403,
		error: { code: 'BotNotInConversationRoster' },
	});
	expect(await open({ members: [{ id: 'u3' }] })).toMatchObject({ http: 400 });
	expect(await open({ tenantId: 'other' })).toMatchObject({ http: 400 });
	expect(await open({ bot: { id: 'a' } })).toMatchObject({ http: 400 });
});

it.each<[string, Json, number]>([
	['a card', cards([block]), 201],
	['a text', { type: 'message', text: 'x' }, 201],
	['nothing', { type: 'message' }, 400],
	['another type', { type: 'event', text: 'x' }, 400],
	['a card of version 2.0', cards([block], { version: '2.0' }), 400],
	['an unknown element', cards([{ type: 'Blink' }]), 400],
	['an input without an id', cards([{ type: 'Input.Text' }]), 400],
	[
		'a link without an address',
		cards([block], { actions: [{ type: 'Action.OpenUrl', title: 'x' }] }),
		400,
	],
	['28 KB and more', { type: 'message', text: 'x'.repeat(28 * 1024) }, 413],
])('answers %s', async (_name, body, http) => {
	expect(await post(CHANNEL, body)).toMatchObject({ http });
});

it('changes what it knows, and paces a thread', async () => {
	const { id } = await post(CHANNEL, cards([block]));
	expect(await post(`${CHANNEL}/${encodeURIComponent(id)}`, cards([block]), 'PUT')).toMatchObject({
		http: 200,
	});
	expect(await post(`${CHANNEL}/none`, cards([block]), 'PUT')).toMatchObject({ http: 404 });
	for (let n = 0; n < 4; n += 1) await post(CHANNEL, cards([block]));
	expect(await post(CHANNEL, cards([block]))).toMatchObject({ http: 429 });
});

it('queues a flow for the right signature', async () => {
	const flow = (sig: string, body: Json = cards([block])) =>
		post(`/workflows/w/triggers/manual/paths/invoke?sig=${sig}`, body);
	expect(await flow('sig-w')).toEqual({ http: 202 });
	expect(await flow('x')).toMatchObject({ http: 401 });
	expect(await flow('sig-w', { type: 'message', text: 'x' })).toMatchObject({ http: 400 });
	expect(
		await post('/workflows/none/triggers/manual/paths/invoke?sig=x', cards([block])),
	).toMatchObject({ http: 404 });
});

it('is drawn as Teams draws it, nothing from outside as HTML', async () => {
	const press = { type: 'Action.Execute', title: 'OK', verb: 'ack', data: { token: 'tok' } };
	await post(
		CHANNEL,
		cards([{ type: 'TextBlock', text: '**a** \\*b\\* <img src=x> [l](https://x.test)' }], {
			actions: [press],
		}),
	);
	const html = drawMessage(recorder.messages()[0]!);
	expect(html).toContain('<b>a</b> *b* &lt;img src=x&gt; <a href="https://x.test"');
	expect(html).toContain('data-button="tok"');
});
