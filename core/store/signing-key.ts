import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { ItsmNotifyError } from '../errors';
import { attempt } from './attempt';
import type { StoreOptions } from './open';

const KEY_BYTES = 32;
const MIN_SECRET = 32;

const known = new Map<string, Uint8Array>();

/**
 * The key that signs buttons and links. A secret of the credential counts; else the file `signing.key` beside an embedded
 * store, made on first use and readable by its owner only. Undefined where several processes share the store and no secret
 * is set. Throws `invalid_credential` for a short secret, `signing_key_broken` for a damaged file.
 */
export function signingKey(options: StoreOptions, secret?: string): Uint8Array | undefined {
	if (secret) {
		if (secret.length >= MIN_SECRET) return Buffer.from(secret, 'utf8');
		throw new ItsmNotifyError(
			'invalid_credential',
			`Signing Secret of the store credential has fewer than ${MIN_SECRET} characters.`,
			{ field: 'signingSecret', fix: 'Give it at least 32 random characters.' },
		);
	}
	if (options.kind !== 'sqlite') return undefined;
	const file = join(dirname(resolve(options.file)), 'signing.key');
	let key = known.get(file);
	if (!key) known.set(file, (key = readOrMake(file)));
	return key;
}

function readOrMake(file: string): Uint8Array {
	const existing = read(file);
	if (existing) return existing;
	mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
	// Linked into place whole: of two processes that make one at once, one wins and both read the same.
	const fresh = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
	writeFileSync(fresh, randomBytes(KEY_BYTES).toString('hex'), { mode: 0o600 });
	const linked = attempt(() => linkSync(fresh, file));
	rmSync(fresh, { force: true });
	if (!linked.ok && codeOf(linked.error) !== 'EEXIST') throw linked.error;
	return read(file) as Uint8Array;
}

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code;

function read(file: string): Uint8Array | undefined {
	const found = attempt(() => readFileSync(file, 'utf8').trim());
	if (!found.ok) {
		if (codeOf(found.error) === 'ENOENT') return undefined;
		throw found.error;
	}
	if (new RegExp(`^[0-9a-f]{${KEY_BYTES * 2}}$`).test(found.value))
		return Buffer.from(found.value, 'hex');
	throw new ItsmNotifyError('signing_key_broken', `The key file ${file} is damaged.`, {
		fix: 'Restore it from a backup, or remove it: buttons and links of messages that are out stop working then.',
	});
}
