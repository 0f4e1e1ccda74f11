import { ItsmNotifyError } from '../errors';
import { TransportError } from './types';
import type {
	BatchRequest,
	BatchResponse,
	ChannelIo,
	ChannelRequest,
	ChannelResponse,
	HttpRequest,
	HttpResponse,
} from './types';

/** Makes the call, whatever its kind. Throws TransportError, and ItsmNotifyError `unsupported_call` where the world lacks it. */
export async function perform(
	io: ChannelIo,
	request: ChannelRequest,
	timeoutMs: number,
): Promise<ChannelResponse> {
	switch (request.kind) {
		case 'http':
			return http(io, request, timeoutMs);
		case 'smtp':
			return io.smtp(request, { timeoutMs });
		case 'store':
			return io.store ? io.store(request) : unsupported('the store');
		case 'batch':
			return batch(io, request, timeoutMs);
	}
}

async function http(io: ChannelIo, request: HttpRequest, timeoutMs: number): Promise<HttpResponse> {
	if (request.protocol !== 'h2') return io.http(request, { timeoutMs });
	return io.http2 ? io.http2(request, { timeoutMs }) : unsupported('HTTP/2');
}

/** Side by side: they are the devices of one person, and share one time limit. */
async function batch(
	io: ChannelIo,
	{ calls }: BatchRequest,
	timeoutMs: number,
): Promise<BatchResponse> {
	const answers = calls.map(({ request, about }) =>
		http(io, request, timeoutMs).then(
			(response) => ({ about, response }),
			(error: unknown) => ({ about, error: lost(error) }),
		),
	);
	return { answers: await Promise.all(answers) };
}

/** A lost answer concerns one call; any other fault ends the batch. */
function lost(error: unknown): TransportError {
	if (error instanceof TransportError) return error;
	throw error;
}

function unsupported(what: string): never {
	throw new ItsmNotifyError('unsupported_call', `Here is no way to call ${what}.`);
}
