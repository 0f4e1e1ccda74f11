import type { ChannelLimits } from '../types';

/** No provider's rules: what mail programs show whole (Gmail clips at 102 KB of HTML). */
export const EMAIL = {
	subject: 200,
	text: 20_000,
	entryText: 1000,
	fieldValue: 1000,
	/** Longer lines would need encodings that some servers break; nodemailer wraps, this is the whole mail. */
	payloadBytes: 5_000_000,
	/** Opened to one server at the same time. */
	connections: 5,
} as const;

export const limits: ChannelLimits = {
	unit: 'chars',
	text: EMAIL.text,
	title: EMAIL.subject,
	payloadBytes: EMAIL.payloadBytes,
	buttons: 10,
	rate: {},
	digestEntries: 50,
	// As many connections as are opened to a server: more mails at once would only wait for one, on their own time.
	atOnce: EMAIL.connections,
};
