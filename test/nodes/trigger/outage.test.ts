// PostgreSQL goes away and comes back, again and again, while events come in: nothing is lost, and nobody need help.
import { readFileSync } from 'node:fs';
import { startTrigger } from '../../harness/contexts.ts';
import { node, type CredentialData } from '../../harness/engine.ts';
import { freshDatabase } from '../../harness/postgres.ts';
import { tcpDoor, type TcpDoor } from '../../harness/tcp-door.ts';
import { seed } from '../../fixtures/events/seed.ts';
import { post, triggerNode } from './post.ts';

const database = await freshDatabase();
let door: TcpDoor;
let credentials: CredentialData;
beforeAll(async () => {
	if (!database) return;
	const { host, port, user, password } = database.config;
	door = await tcpDoor({ host, port });
	credentials = {
		itsmNotifyInboundApi: {},
		itsmNotifyStoreApi: {
			backend: 'postgres',
			host: '127.0.0.1',
			port: door.port,
			database: database.config.database,
			user,
			password: password ?? '',
		},
	};
});
afterAll(async () => {
	await door?.stop();
	await database?.drop();
});

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
const on = triggerNode({ intake: 'durable' });
const call = (event_id: string) =>
	post({
		on,
		credentials,
		request: {
			body: { ...seed, event_id, content: { ...seed.content, ticket_id: event_id } },
		},
	});

(database ? describe : describe.skip)('PostgreSQL behind a door', () => {
	it('what was answered with 200 runs once; else the answer is 503', async () => {
		const intake = await startTrigger({ node: on, credentials });
		const release = await startTrigger({
			node: node(
				'R',
				'itsmReleaseTrigger',
				{ everySeconds: 1 },
				{ credentials: ['itsmNotifyStoreApi'] },
			),
			credentials,
		});
		const ran: string[] = [];
		let isOver = false;
		const runs = (async () => {
			while (!isOver) {
				const emission = await intake.next(100).catch(() => undefined);
				if (!emission) continue;
				ran.push(...emission.items[0].map((item) => String(item.json.event_id)));
				await pause(30);
				emission.finish('success');
			}
		})();
		const taken: string[] = [];
		const refused: string[] = [];
		for (let i = 0; i < 45; i++) {
			if (i % 15 === 5) door.close();
			if (i % 15 === 9) door.open();
			const { status } = await call(`e${i}`);
			expect([200, 503]).toContain(status);
			(status === 200 ? taken : refused).push(`e${i}`);
			await pause(40);
		}
		for (let i = 0; i < 100 && !taken.every((id) => ran.includes(id)); i++) await pause(100);
		isOver = true;
		await runs;
		await release.close();
		await intake.close();
		expect(refused.length).toBeGreaterThan(5);
		expect([...ran].sort()).toEqual([...taken].sort());
		expect([intake.errors, release.errors]).toEqual([[], []]);
	}, 60_000);

	(process.platform === 'linux' ? it : it.skip)(
		'a host that is gone without a word is noticed within a minute, not after two hours',
		async () => {
			await call('last');
			const port = door.port.toString(16).toUpperCase().padStart(4, '0');
			const kept = readFileSync('/proc/net/tcp', 'utf8')
				.split('\n')
				.map((line) => line.trim().split(/\s+/))
				.filter((words) => words[2]?.endsWith(`:${port}`) && words[3] === '01')
				.map((words) => words[5].split(':'));
			expect(kept.length).toBeGreaterThan(0);
			// Timer 2 is that of keep-alive; its time is in hundredths of a second.
			for (const [kind, left] of kept)
				expect([kind, parseInt(left, 16) < 6_000]).toEqual(['02', true]);
		},
	);
});
