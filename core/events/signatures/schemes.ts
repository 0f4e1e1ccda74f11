import type { SourceId } from '../source-ids';
import type { Digest } from './hmac';

const MINUTES = 60_000;
const HOURS = 60 * MINUTES;

/** How one sender signs: where the signature stands, what is signed, how it is written. Wire facts: docs/sources.md. */
export interface Scheme {
	/** Names of the signature header, lower case; a pattern where the sender's admin chooses the name. */
	signature: string | RegExp;
	digest: Digest;
	encodings: ReadonlyArray<'hex' | 'base64'>;
	/** `sha256=`, `v1=`; with `list` several, separated by commas, any of which may match. */
	prefix?: string;
	/** The prefix may also be absent. */
	bare?: boolean;
	list?: boolean;
	timestamp?: {
		/** A name or pattern of the timestamp header. */
		header: string | RegExp;
		/** False: without such a header the body alone is signed. */
		required: boolean;
		/** What is signed, around the raw body. */
		join: (timestamp: string, body: Uint8Array) => Array<string | Uint8Array>;
		/** How old a request may be, in ms. */
		maxAge: number;
	};
}

const before = (separator: string) => (timestamp: string, body: Uint8Array) => [
	timestamp,
	separator,
	body,
];
const NAMED_TIMESTAMP = /timestamp$/i;

/** Sources that sign; all others authenticate by header token or Basic. */
export const SCHEMES: Partial<Record<SourceId, Scheme>> = {
	zendesk: {
		signature: 'x-zendesk-webhook-signature',
		digest: 'sha256',
		encodings: ['base64'],
		timestamp: {
			header: 'x-zendesk-webhook-signature-timestamp',
			required: true,
			join: before(''),
			maxAge: 5 * MINUTES,
		},
	},
	jira: { signature: 'x-hub-signature', digest: 'sha256', encodings: ['hex'], prefix: 'sha256=' },
	pagerDuty: {
		signature: 'x-pagerduty-signature',
		digest: 'sha256',
		encodings: ['hex'],
		prefix: 'v1=',
		list: true,
	},
	zammad: { signature: 'x-hub-signature', digest: 'sha1', encodings: ['hex'], prefix: 'sha1=' },
	glpi: {
		signature: 'x-glpi-signature',
		digest: 'sha256',
		encodings: ['hex'],
		timestamp: {
			header: 'x-glpi-timestamp',
			required: true,
			join: (timestamp, body) => [body, timestamp],
			// Stamped when it is queued, and kept over retries a minute apart each.
			maxAge: 24 * HOURS,
		},
	},
	grafana: {
		signature: 'x-grafana-alerting-signature',
		digest: 'sha256',
		encodings: ['hex'],
		timestamp: { header: NAMED_TIMESTAMP, required: false, join: before(':'), maxAge: 5 * MINUTES },
	},
	generic: {
		signature: 'x-hub-signature-256',
		digest: 'sha256',
		encodings: ['hex'],
		prefix: 'sha256=',
		timestamp: { header: NAMED_TIMESTAMP, required: false, join: before('.'), maxAge: 5 * MINUTES },
	},
	serviceNow: {
		// The header is whatever the script sets; the template sets X-ServiceNow-Signature.
		signature: /signature(-256)?$/i,
		digest: 'sha256',
		encodings: ['base64', 'hex'],
		prefix: 'sha256=',
		bare: true,
		timestamp: { header: NAMED_TIMESTAMP, required: true, join: before('.'), maxAge: 5 * MINUTES },
	},
	requestTracker: {
		signature: 'x-rt-signature',
		digest: 'sha256',
		encodings: ['hex'],
		prefix: 'sha256=',
		timestamp: { header: 'x-rt-timestamp', required: true, join: before('.'), maxAge: 5 * MINUTES },
	},
};
