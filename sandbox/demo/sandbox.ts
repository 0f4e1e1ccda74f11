// One running sandbox: simulators, a real n8n with the package, workflows, people.
import { join } from 'node:path';
import axios from 'axios';
import {
	dingtalkConfig,
	emailConfig,
	INBOX_PEOPLE,
	itsmConfig,
	SECRETS,
	slackConfig,
	wechatConfig,
	wecomConfig,
} from '../data/index.ts';
import { startInbox } from '../inbox/index.ts';
import type { Inbox } from '../inbox/index.ts';
import { startItsm } from '../itsm/index.ts';
import type { ItsmSimulator } from '../itsm/index.ts';
import { N8n } from '../lib/n8n.ts';
import { ROOT } from '../lib/package.ts';
import {
	createRecorder,
	startDingTalk,
	startEmail,
	startSlack,
	startWeChat,
	startWeCom,
} from '../simulators/index.ts';
import type { Faults, Recorder } from '../simulators/index.ts';
import { cutWire, EMPTY_TEMPLATE, peopleFor } from './breaks.ts';
import type { Break } from './breaks.ts';
import { demoCredentials } from './credentials.ts';
import { readWorkflows, withCredentials, writeWorkflows } from './workflows.ts';

export interface SandboxOptions {
	/** n8n's user folder. */
	folder: string;
	ports?: { n8n?: number; inbox?: number; itsm?: number };
	broken?: Break;
	/** Told of each step. */
	say(text: string): void;
}

export interface Sandbox {
	n8n: N8n;
	recorder: Recorder;
	/** Switches that make a simulator misbehave. */
	faults: Record<'slack' | 'wecom' | 'email' | 'dingtalk' | 'wechat', Faults>;
	inbox: Inbox;
	itsm: ItsmSimulator;
	/** What the store says of every delivery: why something is missing. */
	deliveries(): Promise<Array<Record<string, unknown>>>;
	stop(): Promise<void>;
}

const BUNDLED = join(ROOT, 'workflows');
const OWN = join(ROOT, 'sandbox', 'workflows');
const WEBHOOKS = ['itsm', 'sandbox-people', 'sandbox-template', 'sandbox-deliveries'];

export async function startSandbox({
	folder,
	ports = {},
	broken,
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
		const slack = started(await startSlack({ recorder, config: slackConfig() }));
		const wecom = started(await startWeCom({ recorder, config: wecomConfig() }));
		const dingtalk = started(await startDingTalk({ recorder, config: dingtalkConfig() }));
		const wechat = started(await startWeChat({ recorder, config: wechatConfig() }));
		const email = started(await startEmail({ recorder, config: emailConfig() }));
		const itsm = started(await startItsm({ port: ports.itsm, config: itsmConfig() }));
		const faults = {
			slack: slack.faults,
			wecom: wecom.faults,
			email: email.faults,
			dingtalk: dingtalk.faults,
			wechat: wechat.faults,
		};
		const inbox = started(
			await startInbox({
				port: ports.inbox,
				recorder,
				people: INBOX_PEOPLE,
				itsmUrl: itsm.url,
				faults,
			}),
		);
		itsm.setInboxUrl(inbox.url);
		if (broken === 'cut-wire') cutWire(slack.faults);

		say('preparing n8n');
		const n8n = await N8n.create({ folder, port: ports.n8n });
		closers.push(() => n8n.stop());
		await n8n.importCredentials(
			demoCredentials(
				{
					slack: slack.url,
					wecom: wecom.url,
					dingtalk: dingtalk.url,
					wechat: wechat.url,
					email: { host: email.host, port: email.port },
				},
				broken,
			),
		);
		const documents = [...readWorkflows(BUNDLED), ...readWorkflows(OWN)].map((d) =>
			withCredentials(d, {
				name: 'IT Service Desk',
				url: itsm.url,
				support_email: 'support@example.test',
			}),
		);
		const toImport = join(folder, 'workflows');
		writeWorkflows(documents, toImport);
		await n8n.importWorkflows(toImport);
		say('starting n8n');
		await n8n.start();
		await n8n.api.login();
		// As the editor's button does: a call, where the command line starts an n8n for each workflow.
		for (const { id } of documents) await n8n.api.publishWorkflow(id);
		for (const path of WEBHOOKS) await n8n.waitForWebhook(path);
		say('saving the demo people');
		await axios.post(n8n.webhookUrl('sandbox-people'), { documents: peopleFor(broken) });
		if (broken === 'empty-template')
			await axios.post(n8n.webhookUrl('sandbox-template'), EMPTY_TEMPLATE);
		itsm.setWebhook({ url: n8n.webhookUrl('itsm'), headerToken: SECRETS.itsm.token });
		return {
			n8n,
			recorder,
			faults,
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
