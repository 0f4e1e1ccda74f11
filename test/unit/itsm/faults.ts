import { TransportError, type HttpRequest, type HttpResponse } from '../../../core/channels/index';
import type { ItsmHttp } from '../../../core/itsm/index';

export interface Fault {
	/** Which requests it hits; every one without it. */
	method?: string;
	/** Part of its path. */
	path?: string;
	/** `refused`: nothing arrives. `lost`: it is done, and the answer is lost. `dropped`: neither, but nobody can know. */
	kind: 'refused' | 'lost' | 'dropped' | HttpResponse;
	times?: number;
}

export interface FaultLine {
	/** Every request that arrived: `GET /ticket/1`. */
	requests: string[];
	/** Called before a request is answered. */
	before: { hook?: (request: HttpRequest) => void | Promise<void> };
	fail(...faults: Fault[]): void;
	through(answer: (request: HttpRequest) => Promise<HttpResponse>): ItsmHttp;
}

/** A wire on which calls can be lost. */
export function faultLine(): FaultLine {
	let faults: Fault[] = [];
	const requests: string[] = [];
	const before: FaultLine['before'] = {};
	return {
		requests,
		before,
		fail: (...given) => void (faults = given.map((fault) => ({ ...fault }))),
		through: (answer) => async (request) => {
			const fault = faults.find(
				(f) =>
					(f.method === undefined || f.method === request.method) &&
					(f.path === undefined || request.url.includes(f.path)),
			);
			if (fault?.times !== undefined && --fault.times <= 0)
				faults = faults.filter((f) => f !== fault);
			if (fault?.kind === 'refused')
				throw new TransportError('connection_refused', 'connect ECONNREFUSED', false);
			requests.push(`${request.method} ${new URL(request.url).pathname}`);
			if (fault?.kind === 'dropped') throw new TransportError('timeout', 'timeout', true);
			if (typeof fault?.kind === 'object') return fault.kind;
			await before.hook?.(request);
			const given = await answer(request);
			if (fault?.kind === 'lost') throw new TransportError('timeout', 'timeout', true);
			return given;
		},
	};
}
