import { createFaults } from '../faults.ts';
import { startHttp } from '../http.ts';
import type { Answer, Call, Simulator, StartOptions } from '../http.ts';
import { createRate } from '../rate.ts';
import { createCaller } from '../two-way.ts';
import type { Callback, TwoWay } from '../two-way.ts';
import { aliyun, tencent } from './china.ts';
import type { SentSms, SmsConfig, SmsProviderId } from './config.ts';
import { codeOf, spell } from './faults.ts';
import { gateway } from './gateway.ts';
import { report, say } from './people.ts';
import { twilio } from './twilio.ts';
import type { Accepted } from './twilio.ts';

export type { SmsConfig, SmsProviderId } from './config.ts';

export interface SmsSimulator extends Simulator, TwoWay {
	/** A person answers; by default through whoever sent the message, or the last one to them. */
	say(user: string, text: string, messageId?: string, provider?: SmsProviderId): Promise<Callback>;
	/** Reports what became of a message, in the provider's own way. */
	report(messageId: string, status: 'delivered' | 'failed', errorCode?: string): Promise<Callback>;
}

function providerOf(call: Call): SmsProviderId {
	if (call.path.startsWith('/2010-04-01/')) return 'twilio';
	if (call.headers['x-acs-action'] !== undefined) return 'aliyun';
	if (call.headers['x-tc-action'] !== undefined) return 'tencent';
	return 'http';
}

/** Twilio, Aliyun, Tencent Cloud and a plain gateway behind one address; each is told by its own form. */
export async function startSms(options: StartOptions<SmsConfig>): Promise<SmsSimulator> {
	const { recorder, config } = options;
	const now = config.now ?? Date.now;
	const rate = config.rate ? createRate(config.rate, now) : undefined;
	const isPaced = (to: string): boolean => (rate?.take(to) ?? 0) > 0;
	const sent = new Map<string, SentSms>();

	const faults = createFaults();
	// None of them signs a time.
	const caller = createCaller({
		...{ channel: 'sms', recorder, faults, now },
		kinds: ['repeat', 'forge'],
	});
	const people = { config, caller, now, sent };

	function accepted(provider: SmsProviderId, call: Call, message: Accepted): void {
		sent.set(message.id, { ...message, provider });
		recorder.message({
			channel: 'sms',
			ref: message.id,
			to: [message.to],
			sender: provider,
			payload: { text: message.text, provider },
			rendered: { text: message.text },
			raw: {
				headers: Object.keys(call.headers),
				query: Object.fromEntries(call.query),
				body: call.text,
			},
		});
		if (config.reportsAfterMs !== undefined && message.statusCallback)
			setTimeout(() => void report(people, message.id, 'delivered'), config.reportsAfterMs).unref();
	}

	function route(call: Call, provider: SmsProviderId): Answer {
		const accept = (message: Accepted): void => accepted(provider, call, message);
		if (provider === 'twilio') return twilio(config, call, accept, isPaced);
		if (provider === 'aliyun') return aliyun(config, call, accept, isPaced, now());
		if (provider === 'tencent') return tencent(config, call, accept, isPaced, now());
		return gateway(config, call, accept);
	}

	const refused = (status: number, code: string, call: Call): void => {
		const why = `${call.method} ${call.path}`;
		recorder.refusal({ channel: 'sms', status, code, why, raw: call.text });
	};

	const simulator = await startHttp({
		port: options.port,
		host: options.host,
		delayMs: config.delayMs,
		faults,
		handle(call) {
			const answer = route(call, providerOf(call));
			const code = codeOf(answer);
			if (code) refused(answer.status, code, call);
			return answer;
		},
		spell(fault, call) {
			const answer = spell(fault.kind, fault.status, providerOf(call));
			if (answer) refused(answer.status, codeOf(answer) ?? 'fault', call);
			return answer;
		},
		lost: (fault, call) => refused(0, fault.kind, call),
	});
	return {
		...simulator,
		callbacks: caller.sent,
		callbackFaults: caller.kinds,
		people: config.numbers,
		setCallbackUrl: (url) => caller.setUrl(url),
		say: (...given) => say(people, ...given),
		report: (...given) => report(people, ...given),
	};
}
