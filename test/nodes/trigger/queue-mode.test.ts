import { node, type CredentialData } from '../../harness/engine.ts';
import { startTrigger } from '../../harness/contexts.ts';
import { processName } from '../../../nodes/shared/process.ts';
import { deadStore, freshStore } from '../kit/store.ts';

const activate = (type: string, parameters: object, credentials: CredentialData) =>
	startTrigger({
		node: node('Trigger', type, { ...parameters }, { credentials: Object.keys(credentials) }),
		credentials,
	});

const TRIGGERS: Array<[string, object]> = [
	['itsmTrigger', { intake: 'durable' }],
	['itsmTrigger', { intake: 'direct' }],
	['itsmReleaseTrigger', {}],
];

describe.each(TRIGGERS)('activation of %s %j', (type, parameters) => {
	const before = process.env.EXECUTIONS_MODE;
	afterEach(() => {
		if (before === undefined) delete process.env.EXECUTIONS_MODE;
		else process.env.EXECUTIONS_MODE = before;
	});

	it.each([
		['no credential', () => ({})],
		['an embedded file', () => freshStore()],
	])('in queue mode with %s: refused, with the code and the way out', async (_what, store) => {
		process.env.EXECUTIONS_MODE = 'queue';
		await expect(activate(type, parameters, store())).rejects.toThrow(
			/^embedded_store_in_queue_mode: .*Select an ITSM Notify Store credential with a PostgreSQL/,
		);
	});

	it('a database that cannot be reached is told, too', async () => {
		await expect(activate(type, parameters, deadStore())).rejects.toThrow(
			'The store cannot be opened',
		);
	});

	it('in one process the embedded file does', async () => {
		const trigger = await activate(type, parameters, freshStore());
		await trigger.close();
	});
});

it('a lease names the host, and the process where several mains may share it', () => {
	expect(processName({}, 7, 'host')).toBe('host');
	expect(processName({ N8N_MULTI_MAIN_SETUP_ENABLED: 'true' }, 7, 'host')).toBe('host:7');
});
