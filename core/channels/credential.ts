import { createHash } from 'node:crypto';

import { ItsmNotifyError } from '../errors';
import { textIn } from './text';
import type { Credential } from './types';

/** A field that must be filled. Throws ItsmNotifyError `invalid_credential` naming it. */
export function required(
	credential: Credential,
	field: string,
	label: string,
	channel: string,
): string {
	const value = textIn(credential, field);
	if (value !== undefined) return value;
	throw new ItsmNotifyError('invalid_credential', `The ${channel} credential has no ${label}.`, {
		field,
		fix: `Fill in ${label} in the ${channel} credential.`,
	});
}

/** The credential's base URL without a slash at its end, or the provider's own. Throws `invalid_credential`. */
export function baseUrl(credential: Credential, standard: string, channel: string): string {
	const given = (textIn(credential, 'baseUrl') ?? standard).replace(/\/+$/, '');
	return httpUrl(given, 'baseUrl', 'Base URL', channel);
}

/** A credential's URL, checked. Throws `invalid_credential` without repeating the value: it may be a secret. */
export function httpUrl(value: string, field: string, label: string, channel: string): string {
	if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return value;
	throw new ItsmNotifyError(
		'invalid_credential',
		`${label} of the ${channel} credential is not an http(s) URL.`,
		{ field },
	);
}

/** A short name of secret values: the key of caches and pools, never the values themselves. */
export const fingerprint = (...parts: unknown[]): string =>
	createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);
