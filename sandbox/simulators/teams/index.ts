import { createFaults } from '../faults.ts';
import { startHttp } from '../http.ts';
import type { Answer, Call, Simulator, StartOptions } from '../http.ts';
import { createRate } from '../rate.ts';
import { createCaller } from '../two-way.ts';
import type { Callback, Pressable } from '../two-way.ts';
import { renderTeams } from './cards.ts';
import { connector, login, workflow } from './connector.ts';
import { TeamsError, THREAD_RATE, WORKFLOW_RATE } from './directory.ts';
import type { Json, TeamsConfig } from './directory.ts';
import { spell, wrong } from './faults.ts';
import { createKeys } from './keys.ts';
import { activityOf, call as callBot, mention, press, say, userOf } from './people.ts';
import { BOT_NAME, isSignIn, parsed } from './state.ts';
import type { TeamsState } from './state.ts';

export type { TeamsConfig } from './directory.ts';

export interface TeamsSimulator extends Simulator, Pressable {
	/** The bot's service URL, with a slash at its end as Teams writes it. */
	serviceUrl: string;
	metadataUrl: string;
	issuer: string;
	voidTokens(): void;
	rotateKeys(): void;
	/** `submit`: as a client does it that knows no Action.Execute. */
	press(
		messageId: string,
		button: number | string,
		user?: string,
		text?: string,
		options?: { submit?: boolean },
	): Promise<Callback>;
	say(user: string, text: string, messageId?: string, conversation?: string): Promise<Callback>;
	/** A person adds or removes the app. */
	install(user: string, remove?: boolean): Promise<Callback>;
	/** A mention of the team's outgoing webhook. */
	mention(user: string, text: string): Promise<Callback>;
	/** Any activity, with claims that may be changed. */
	call(activity: Json, claims?: Json): Promise<Callback>;
}

const FLOW = /^\/workflows\/([^/]+)\/triggers\/manual\/paths\/invoke$/;

/** The Bot Framework connector for Teams, its sign-in and its published keys, Power Automate flows, and its people. */
export async function startTeams(options: StartOptions<TeamsConfig>): Promise<TeamsSimulator> {
	const { recorder, config } = options;
	const now = config.now ?? Date.now;
	const rate = (given: TeamsConfig['threadRate'], standard: typeof THREAD_RATE) =>
		createRate(given === undefined ? standard : given, now);
	const threads = rate(config.threadRate, THREAD_RATE);
	const flows = rate(config.workflowRate, WORKFLOW_RATE);
	let url = '';

	const state: TeamsState = {
		config,
		now,
		keys: createKeys(),
		tokens: new Map(),
		chats: new Map(),
		sent: new Map(),
		threadWait: (conversation) => threads.take(conversation),
		flowWait: (name) => flows.take(name),
		url: () => url,
		serviceUrl: () => `${url}/teams/`,
		record(kind, { conversation, id, body }) {
			recorder.message({
				channel: 'teams',
				kind,
				ref: id,
				to: [state.chats.get(conversation)?.aadObjectId ?? conversation],
				sender: BOT_NAME,
				payload: body,
				rendered: recorder.countOnly ? { text: '' } : renderTeams(body),
				raw: body,
			});
		},
	};

	function route(call: Call): Answer {
		if (call.path === '/openid')
			return { status: 200, body: { issuer: `${url}/issuer`, jwks_uri: `${url}/keys` } };
		if (call.path === '/keys') return { status: 200, body: state.keys.jwks() };
		if (isSignIn(call)) return login(state, call);
		const flow = FLOW.exec(call.path)?.[1];
		return flow === undefined ? connector(state, call) : workflow(state, call, flow);
	}

	function refused(status: number, code: string, why: string, call: Call): void {
		const raw = isSignIn(call) ? '(sign-in)' : parsed(call.text);
		recorder.refusal({ channel: 'teams', status, code, why: `${call.path}: ${why}`, raw });
	}

	const faults = createFaults();
	const caller = createCaller({ channel: 'teams', recorder, faults, now });
	const simulator = await startHttp({
		port: options.port,
		host: options.host,
		delayMs: config.delayMs,
		faults,
		handle(call) {
			try {
				return route(call);
			} catch (error) {
				if (!(error instanceof TeamsError)) throw error;
				refused(error.status, error.code, error.message, call);
				return wrong(error.status, error.code, error.message, error.headers);
			}
		},
		spell(fault, call) {
			const answer = spell(fault, call);
			if (answer) refused(answer.status, `http_${answer.status}`, 'by a fault switch', call);
			return answer;
		},
		lost: (fault, call) => refused(0, fault.kind, 'no answer, by a fault switch', call),
	});
	url = simulator.url;

	return {
		...simulator,
		serviceUrl: state.serviceUrl(),
		metadataUrl: `${url}/openid`,
		issuer: `${url}/issuer`,
		voidTokens: () => state.tokens.clear(),
		rotateKeys: () => state.keys.rotate(),
		callbacks: caller.sent,
		callbackFaults: caller.kinds,
		people: config.users.map(({ aadObjectId }) => aadObjectId),
		setCallbackUrl: (address) => caller.setUrl(address),
		press: (...given) => press(state, caller, ...given),
		say: (...given) => say(state, caller, ...given),
		mention: (...given) => mention(state, caller, ...given),
		call: (activity, claims) => callBot(state, caller, activity, claims),
		install: async (user, remove = false) =>
			callBot(
				state,
				caller,
				activityOf(state, userOf(state, user), {
					type: 'installationUpdate',
					action: remove ? 'remove' : 'add',
				}),
			),
	};
}
