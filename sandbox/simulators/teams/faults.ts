import type { Fault } from '../faults.ts';
import type { Answer, Call } from '../http.ts';
import { isSignIn } from './state.ts';

export const INVALID_CLIENT = {
	error: 'invalid_client',
	error_description: 'AADSTS7000215: Invalid client secret provided. Trace ID: 0 Correlation ID: 0',
};

export const wrong = (
	status: number,
	code: string,
	message: string,
	headers?: Record<string, string>,
): Answer => ({
	status,
	headers,
	body: { error: { code, message } },
});

/** A fault in the words of the connector. */
export function spell(fault: Fault, call: Call): Answer | undefined {
	if (fault.kind === '429')
		return wrong(429, 'TooManyRequests', 'Too many requests.', {
			'retry-after': String(fault.wait ?? 1),
		});
	if (fault.kind === '5xx')
		return { status: fault.status ?? 502, body: '<html>502 Bad Gateway</html>' };
	if (fault.kind !== 'reject_auth') return undefined;
	if (isSignIn(call)) return { status: 401, body: INVALID_CLIENT };
	return wrong(401, 'Unauthorized', 'Authorization has been denied for this request.');
}
