import { expect, test } from '@jest/globals';
import { MIGRATIONS } from '../../../core/store/sql/migrations/index';
import { openStore, type StoreOptions } from '../../../core/store/index';
import { at, delivery } from './rows';

interface Target {
	options: StoreOptions;
	/** Statements past the store's own code. */
	query(text: string): Promise<void>;
}

/** What is told by changing a database behind the store's back. */
export function versionTests(target: () => Target): void {
	test('a store of a newer package is refused, naming both versions, and left alone', async () => {
		const { options, query } = target();
		await (await openStore(options)).close();
		await query(`update meta set value = '99' where key = 'version'`);
		await expect(openStore(options)).rejects.toMatchObject({
			code: 'store_newer_than_package',
			message: expect.stringMatching(new RegExp(`99.*\\b${MIGRATIONS.length}\\b`)),
			details: { store_version: 99, package_version: MIGRATIONS.length },
		});
		await query(`update meta set value = '${MIGRATIONS.length}' where key = 'version'`);
		const store = await openStore(options);
		expect(await store.groups.count()).toBeGreaterThanOrEqual(0);
		await store.close();
	});

	const record = (n: number) => ({
		at: at(n),
		actor: `user ${n}`,
		action: 'acknowledge',
		subject: `jira:${n}`,
		details: { title: delivery('d').event.content.ticket_title },
	});

	test.each([
		['a value', `update audit set actor = 'someone' where seq = 3`, 3],
		['the subject', `update audit set subject = 'jira:9' where seq = 2`, 2],
		['the details', `update audit set details = '{}' where seq = 4`, 4],
		['the action', `update audit set action = 'deny' where seq = 1`, 1],
		['the instant', `update audit set at = '${at(9)}' where seq = 5`, 5],
		['the key', `update audit set hash_key = '00' where seq = 3`, 3],
		['a value with its hash', `update audit set actor = 'x', actor_hash = 'y' where seq = 3`, 3],
		['a record taken out', 'delete from audit where seq = 2', 2],
		['records cut off at the end', 'delete from audit where seq >= 4', 4],
		['all records', 'delete from audit', 1],
		['two changed places', 'update audit set seq = 7 - seq where seq in (3, 4)', 3],
	])('audit: verify finds %s', async (_what, statement, broken) => {
		const { options, query } = target();
		await query(`delete from audit`);
		await query(`delete from meta where key = 'audit_head'`);
		const store = await openStore(options);
		await store.audit.append([1, 2, 3, 4, 5].map(record));
		expect(await store.audit.verify()).toBeUndefined();
		// Two rows change places through a number that is free: a key may not be there twice meanwhile.
		const steps = statement.includes('7 - seq')
			? [
					'update audit set seq = 99 where seq = 3',
					'update audit set seq = 3 where seq = 4',
					'update audit set seq = 4 where seq = 99',
				]
			: [statement];
		for (const step of steps) await query(step);
		expect(await store.audit.verify()).toBe(broken);
		await store.close();
	});
}
