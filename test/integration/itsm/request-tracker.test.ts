// The adapter against a running Request Tracker 5: what the fake of the unit tests was looked up on.
import { jest } from '@jest/globals';

import { transportError, type HttpRequest } from '../../../core/channels/index';
import { openItsm } from '../../../core/itsm/index';

const { ITSM_NOTIFY_RT_URL: url, ITSM_NOTIFY_RT_TOKEN: token } = process.env;
// Several dozen calls of half a second.
jest.setTimeout(120_000);

const isThere = url !== undefined && token !== undefined;

const http = async ({ method, url: address, headers, body }: HttpRequest) => {
	try {
		const answer = await fetch(address, {
			method,
			headers: { 'content-type': 'application/json', ...headers },
			body: body === undefined ? undefined : JSON.stringify(body),
			signal: AbortSignal.timeout(10_000),
		});
		const text = await answer.text();
		const isJson = answer.headers.get('content-type')?.includes('json');
		return {
			status: answer.status,
			headers: Object.fromEntries(answer.headers.entries()),
			body: isJson ? (JSON.parse(text) as unknown) : text,
		};
	} catch (error) {
		throw transportError(error);
	}
};

// The queues "Service Desk" and "2nd Level", the people john.doe and emma, and an account that may change tickets there.
(isThere ? describe : describe.skip)(
	'Request Tracker (needs ITSM_NOTIFY_RT_URL and ITSM_NOTIFY_RT_TOKEN)',
	() => {
		const rt = (settings = {}) =>
			openItsm('requestTracker', { baseUrl: url, token, account: 'n8n-bot' }, http, settings);
		const create = async (): Promise<string> => {
			const { body } = await http({
				kind: 'http',
				method: 'POST',
				url: `${url}/REST/2.0/ticket`,
				headers: { Authorization: `token ${token}` },
				body: { Queue: 'Service Desk', Subject: 'Disk full', Requestor: 'a@example.test' },
			});
			return String((body as { id: string }).id);
		};

		test('acknowledge, comment, escalate, resolve; each is read back', async () => {
			const itsm = rt({ escalationQueue: '2nd Level' });
			await itsm.prepare?.();
			let ticket = await itsm.read(await create());
			expect(ticket).toMatchObject({ status: 'new', assignee: null, group: 'Service Desk' });
			const john = await itsm.person(['john@example.test']);
			expect(john).toMatchObject({ id: 'john.doe', name: 'John Doe' });
			const comment = { text: 'On it 中文\nsecond line', public: false };
			const started = new Date();
			for (const wish of [
				{ begin: true, assignee: john, comment },
				{ escalate: true },
				{ resolve: { notes: 'Cleaned up', public: true } },
			]) {
				const { steps } = itsm.plan(wish, ticket);
				expect(steps.length).toBeGreaterThan(0);
				for (const step of steps) {
					ticket = await itsm.write(ticket, step);
					expect(itsm.missing(ticket, step)).toEqual([]);
					if (step.id === 'comment') expect(await itsm.hasSaid(ticket, step, started)).toBe(true);
				}
				ticket = await itsm.read(ticket.id);
			}
			expect(ticket).toMatchObject({
				status: 'resolved',
				assignee: { id: 'john.doe', name: 'John Doe' },
				priority: 'High',
				group: '2nd Level',
			});
			const other = { id: 'comment' as const, body: { Content: 'Never said' } };
			expect(await itsm.hasSaid(ticket, other, started)).toBe(false);
		});

		test('a change in between is refused; so is what RT answers with a sentence', async () => {
			const itsm = rt();
			const seen = await itsm.read(await create());
			const [emma, john] = [await itsm.person(['emma']), await itsm.person(['john.doe'])];
			const [byEmma] = itsm.plan({ begin: true, assignee: emma }, seen).steps;
			const [byJohn] = itsm.plan({ begin: true, assignee: john }, seen).steps;
			const now = await itsm.write(seen, byEmma);
			await expect(itsm.write(seen, byJohn)).rejects.toMatchObject({
				kind: 'conflict',
				code: 'ticket_changed',
			});
			const [taken] = itsm.plan({ assignee: john }, now).steps;
			await expect(itsm.write(now, taken)).rejects.toMatchObject({
				code: 'not_written',
				message: expect.stringContaining('You can only reassign tickets'),
			});
		});

		test('no such ticket, nobody of that name, a wrong token', async () => {
			const itsm = rt();
			await expect(itsm.read('999999')).rejects.toMatchObject({ kind: 'not_found' });
			expect(await itsm.person(['nobody@example.test', 'nobody.at.all'])).toBeUndefined();
			const wrong = openItsm('requestTracker', { baseUrl: url, token: '1-1-wrong' }, http);
			await expect(wrong.probe()).rejects.toMatchObject({ kind: 'auth', code: 'auth' });
			expect(await itsm.probe()).toBe('n8n-bot');
		});
	},
);
