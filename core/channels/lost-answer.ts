import type { Failure, TransportError } from './types';

/** A call of a batch that got no answer. */
export const lostAnswer = ({ code, message, sent }: TransportError): Failure => ({
	ok: false,
	class: 'retry',
	code,
	message,
	...(sent ? { ambiguous: true } : {}),
});
