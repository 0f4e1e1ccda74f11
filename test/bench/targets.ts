// The providers: simulators that count. Their answer can be held back to play the distance to a real one.
import { SECRETS } from '../../sandbox/data/index.ts';
import { createRecorder, startSlack, startWeCom } from '../../sandbox/simulators/index.ts';
import type { Recorder } from '../../sandbox/simulators/index.ts';
import { everybody, slackId, wecomId } from './events.ts';
import type { Counter } from './load.ts';
import type { Targets } from './workflows.ts';

export interface Providers extends Targets {
	recorder: Recorder;
	counter: Counter;
	refusals(): number;
	/** From now on every answer comes after so many milliseconds. */
	answerAfter(ms: number): void;
	close(): Promise<void>;
}

export async function startProviders(): Promise<Providers> {
	const recorder = createRecorder({ countOnly: true });
	const counter = {
		messages: 0,
		onMessage: undefined as ((payload?: unknown) => void) | undefined,
	};
	const record = recorder.message;
	recorder.message = (input) => {
		counter.messages++;
		counter.onMessage?.(input.payload);
		return record(input);
	};
	const { slack: slackSecrets, wecom: wecomSecrets } = SECRETS;
	const slack = await startSlack({
		recorder,
		config: {
			token: slackSecrets.token,
			users: everybody().map((id) => ({ id: slackId(id) })),
			rate: null,
		},
	});
	const wecom = await startWeCom({
		recorder,
		config: {
			corpId: wecomSecrets.corpId,
			secret: wecomSecrets.secret,
			agentId: wecomSecrets.agentId,
			users: everybody().map((id) => ({ userid: wecomId(id) })),
			robotRate: null,
			memberRate: null,
		},
	});
	// The hand-built workflow has a token that is still good, as ours has one in its cache.
	const query = new URLSearchParams({
		corpid: wecomSecrets.corpId,
		corpsecret: wecomSecrets.secret,
	});
	const answer = await fetch(`${wecom.url}/cgi-bin/gettoken?${query}`);
	const { access_token: wecomToken } = (await answer.json()) as { access_token: string };
	return {
		recorder,
		counter,
		slackUrl: slack.url,
		slackToken: slackSecrets.token,
		wecomUrl: wecom.url,
		wecomToken,
		wecomAgent: wecomSecrets.agentId,
		mailUrl: `${slack.url}/mail`,
		refusals: () =>
			Object.values(recorder.counts()).reduce((sum, { refusals }) => sum + refusals, 0),
		answerAfter(ms) {
			for (const { faults } of [slack, wecom]) {
				faults.clear();
				if (ms > 0) faults.set({ kind: 'slow', ms });
			}
		},
		async close() {
			await Promise.all([slack.close(), wecom.close()]);
		},
	};
}
