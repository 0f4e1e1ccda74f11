import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signingKey } from '../../../core/store/index.ts';

const folders: string[] = [];
const fresh = (): string => {
	const folder = mkdtempSync(join(tmpdir(), 'itsm-key-'));
	folders.push(folder);
	return join(folder, 'sub', 'store.sqlite');
};
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

it('beside an embedded store: made once, 32 bytes, for its owner only, the same for ever', () => {
	const file = fresh();
	const key = signingKey({ kind: 'sqlite', file })!;
	const path = join(file, '..', 'signing.key');
	expect(key).toHaveLength(32);
	expect(statSync(path).mode & 0o777).toBe(0o600);
	expect(readFileSync(path, 'utf8')).toBe(Buffer.from(key).toString('hex'));
	expect(signingKey({ kind: 'sqlite', file })).toEqual(key);
	expect(signingKey({ kind: 'sqlite', file: fresh() })).not.toEqual(key);
});

it('a secret of the credential counts; a short one is refused; a shared store without one has none', () => {
	const secret = 's'.repeat(32);
	const connection = {
		host: 'h',
		port: 1,
		database: 'd',
		user: 'u',
		password: 'p',
		ssl: false as const,
	};
	expect(signingKey({ kind: 'postgres', connection }, secret)).toEqual(Buffer.from(secret));
	expect(() => signingKey({ kind: 'postgres', connection }, 'short')).toThrow(/fewer than 32/);
	expect(signingKey({ kind: 'postgres', connection })).toBeUndefined();
});

it('a damaged file is said, not replaced: buttons that are out would stop working', () => {
	const file = join(fresh(), '..', '..', 'store.sqlite');
	writeFileSync(join(file, '..', 'signing.key'), 'nonsense');
	expect(() => signingKey({ kind: 'sqlite', file })).toThrow(/is damaged/);
	expect(readFileSync(join(file, '..', 'signing.key'), 'utf8')).toBe('nonsense');
});
