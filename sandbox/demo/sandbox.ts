// One running sandbox: simulators, a real n8n with the package, workflows, people.
import { join } from 'node:path';
import axios from 'axios';
import { INBOX_PEOPLE, itsmConfig, PREFERENCES, SECRETS } from '../data/index.ts';
import { startInbox } from '../inbox/index.ts';
import type { Inbox } from '../inbox/index.ts';
import { startItsm } from '../itsm/index.ts';
import type { ItsmSimulator } from '../itsm/index.ts';
import { N8n } from '../lib/n8n.ts';
import { ROOT } from '../lib/package.ts';
import { joinQueue, storeData } from '../lib/queue.ts';
import type { Queue } from '../lib/queue.ts';
import type { Env } from '../lib/run.ts';
import { createRecorder } from '../simulators/index.ts';
import type { Faults, Recorder } from '../simulators/index.ts';
import { connectAnswers } from './answers.ts';
import { cutWire, EMPTY_TEMPLATE, peopleFor } from './breaks.ts';
import type { Break } from './breaks.ts';
import { actorsOf, faultsOf, startSimulators, urlsOf } from './channels.ts';
import type { Simulators } from './channels.ts';
import { demoCredentials } from './credentials.ts';
import {
	answersPath,
	needsMailbox,
	readWorkflows,
	withCredentials,
	withStore,
	writeWorkflows,
} from './workflows.ts';

export interface SandboxOptions {
	/** n8n's user folder. */
	folder: string;
	ports?: { n8n?: number; webhooks?: number; inbox?: number; itsm?: number };
	broken?: Break;
	/** Queue mode: main, a webhook process and two workers; who opened it closes it after the sandbox. */
	queue?: Queue;
	/** More settings for n8n. */
	env?: Env;
	/** Told of each step. */
	say(text: string): void;
}

export interface Sandbox {
	n8n: N8n;
	recorder: Recorder;
	/** Switches that make a simulator misbehave. */
	faults: Record<keyof Simulators, Faults>;
	/** By channel; their people press and write. */
	simulators: Simulators;
	/** Where answers come in, without the channel; undefined where no workflow takes them. */
	answersUrl?: string;
	inbox: Inbox;
	itsm: ItsmSimulator;
	/** What the store says of every delivery: why something is missing. */
	deliveries(): Promise<Array<Record<string, unknown>>>;
	stop(): Promise<void>;
}

const BUNDLED = join(ROOT, 'workflows');
const OWN = join(ROOT, 'sandbox', 'workflows');
const WEBHOOKS = ['itsm', 'sandbox-people', 'sandbox-template', 'sandbox-deliveries'];

/** A person's in-app inbox as workflow 05 draws it; the page's server plays the portal that may ask for it. */
async function bellPage(url: string | undefined, user: string): Promise<string> {
	if (url === undefined) return 'n8n is not up yet.';
	const { name, value } = SECRETS.portal;
	const { data } = await axios.get<string>(url, { params: { user }, headers: { [name]: value } });
	return data;
}

export async function startSandbox({
	folder,
	ports = {},
	broken,
	queue,
	env = {},
	say,
}: SandboxOptions): Promise<Sandbox> {
	const closers: Array<() => Promise<unknown>> = [];
	const stop = async (): Promise<void> => {
		// The last that was started goes first: n8n lets go of the simulators.
		for (const close of closers.reverse().splice(0)) await close();
	};
	const started = <T extends { close(): Promise<unknown> }>(part: T): T => {
		closers.push(() => part.close());
		return part;
	};
	try {
		const recorder = createRecorder();
		const simulators = await startSimulators(recorder, started);
		const itsm = started(await startItsm({ port: ports.itsm, config: itsmConfig() }));
		const faults = faultsOf(simulators);
		/** Known once n8n is up. */
		const later: { bellUrl?: string } = {};
		const inbox = started(
			await startInbox({
				port: ports.inbox,
				recorder,
				people: INBOX_PEOPLE,
				itsmUrl: itsm.url,
				faults: { ...faults, itsm: itsm.faults },
				actors: actorsOf(simulators),
				bell: {
					users: PREFERENCES.map(({ user_id, username }) => ({ id: user_id, name: username })),
					page: (user) => bellPage(later.bellUrl, user),
				},
			}),
		);
		itsm.setInboxUrl(inbox.url);
		if (broken === 'cut-wire') cutWire(faults.slack);

		say('preparing n8n');
		const n8n = await N8n.create({
			folder,
			port: ports.n8n,
			env: { ...queue?.env, ...env },
			...(queue && { webhookPort: ports.webhooks ?? 0 }),
		});
		closers.push(() => n8n.stop());
		await n8n.importCredentials(
			demoCredentials(
				{ ...urlsOf(simulators), itsm: itsm.url },
				{
					broken,
					store: queue && storeData(queue.database),
				},
			),
		);
		const system = {
			name: 'IT Service Desk',
			url: itsm.url,
			support_email: 'support@example.test',
		};
		const documents = [...readWorkflows(BUNDLED), ...readWorkflows(OWN)]
			.map((document) => withCredentials(document, system))
			.map((document) => (queue ? withStore(document) : document));
		const toImport = join(folder, 'workflows');
		writeWorkflows(documents, toImport);
		await n8n.importWorkflows(toImport);
		say('starting n8n');
		await n8n.start();
		// Not all at once: they would wait for each other's lock on the database's version.
		if (queue) await joinQueue(n8n);
		await n8n.api.login();
		// As the editor's button does: a call, where the command line starts an n8n for each workflow.
		for (const { id } of documents.filter((one) => !needsMailbox(one)))
			await n8n.api.publishWorkflow(id);
		for (const path of WEBHOOKS) await n8n.waitForWebhook(path);
		say('saving the demo people');
		await axios.post(n8n.webhookUrl('sandbox-people'), { documents: peopleFor(broken) });
		if (broken === 'empty-template')
			await axios.post(n8n.webhookUrl('sandbox-template'), EMPTY_TEMPLATE);
		later.bellUrl = n8n.webhookUrl('itsm-inbox');
		const answers = answersPath(documents);
		if (answers !== undefined) {
			say('connecting the answers');
			await connectAnswers(n8n, answers, simulators);
		}
		itsm.setWebhook({ url: n8n.webhookUrl('itsm'), headerToken: SECRETS.itsm.token });
		return {
			n8n,
			recorder,
			faults,
			simulators,
			...(answers === undefined ? {} : { answersUrl: n8n.webhookUrl(answers) }),
			inbox,
			itsm,
			stop,
			async deliveries() {
				const { data } = await axios.post<unknown>(n8n.webhookUrl('sandbox-deliveries'), {});
				return Array.isArray(data) ? (data as Array<Record<string, unknown>>) : [];
			},
		};
	} catch (error) {
		await stop();
		throw error;
	}
}
