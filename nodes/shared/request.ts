import type { IWebhookFunctions } from 'n8n-workflow';

import type { InboundRequest } from './inbound';

/** The request as core reads it; n8n leaves the raw bytes unread for some content types. */
export async function readRequest(context: IWebhookFunctions): Promise<InboundRequest> {
	const request = context.getRequestObject();
	if (!request.rawBody && typeof request.readRawBody === 'function') await request.readRawBody();
	const headers: InboundRequest['headers'] = {};
	for (const [name, value] of Object.entries(request.headers))
		headers[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
	const query: Record<string, string> = {};
	for (const [name, value] of Object.entries(request.query ?? {}))
		if (typeof value === 'string') query[name] = value;
	return { body: request.body, rawBody: request.rawBody, headers, query };
}

/** The length of the body as it arrived, before anything parses it further. */
export function bodyLength(request: InboundRequest): number {
	return Math.max(
		request.rawBody?.length ?? 0,
		Number(request.headers['content-length'] ?? 0) || 0,
	);
}
