import type { GroupRef, PersonRef } from '../events/model';
import { preferenceKeys } from '../store/keys';
import type { PreferenceRepository } from '../store/types';
import { isMail } from './addresses';

/** Somebody as an event names them: the keys to look for, best first, and what is left if nobody is found. */
export interface Reference {
	/** As in preferenceKeys(): `user:…`, `username:…`, `address:…`, `identity:<source>:…`. */
	keys: readonly string[];
	/** What to call them: name, login, mail or id. */
	text: string;
	mail?: string;
}

/** A stored document with its keys. */
export interface Entry {
	user_id: string;
	document: Record<string, unknown>;
	keys: ReadonlySet<string>;
}

/** Reads a person of an event; undefined where nothing is named. Ids are those of the event's own source. */
export function referenceOf(
	person: PersonRef | null | undefined,
	source: string,
): Reference | undefined {
	if (person === null || person === undefined) return undefined;
	const from = source.trim().toLowerCase();
	const keys: string[] = [];
	const add = (value: string | null | undefined, ...kinds: string[]): void => {
		const text = value?.trim().toLowerCase();
		if (text) for (const kind of kinds) keys.push(`${kind}:${text}`);
	};
	const identity = `identity:${from}`;
	if (typeof person === 'string') {
		const text = person.trim();
		add(text, 'user', 'username', 'address', identity);
		const mail = mailOf(text);
		if (mail) add(mail, 'address');
		return text === '' ? undefined : { keys, text, mail };
	}
	// An id of the source is a user id of ours only where nothing better is known.
	add(person.id, identity);
	add(person.email, 'address');
	add(person.login, 'username', 'user', 'address', identity);
	add(person.email, 'username', 'user');
	add(person.id, 'user');
	add(person.name, 'username');
	const text = [person.name, person.login, person.email, person.id].find((value) => value?.trim());
	const mail = [person.email, person.login].map(mailOf).find(Boolean);
	return text ? { keys, text: text.trim(), mail } : undefined;
}

/** `a@b`, also in the form of our own synthetic user ids, `email:a@b`. */
function mailOf(text: string | null | undefined): string | undefined {
	const bare = text
		?.trim()
		.replace(/^email:/i, '')
		.toLowerCase();
	return bare && isMail(bare) ? bare : undefined;
}

export function groupKeys(group: GroupRef | null | undefined): string[] {
	const names = typeof group === 'string' ? [group] : [group?.name, group?.id];
	return names.flatMap((name) => (name?.trim() ? [`group:${name.trim().toLowerCase()}`] : []));
}

/** The key of somebody whom nobody knows, so that two mentions of one stranger are one. */
export const strangerKey = (reference: Reference): string =>
	reference.mail ?? reference.text.toLowerCase();

/** The people that a run may need, read in bulk: one query, and one more for managers. */
export class Directory {
	private readonly byKey = new Map<string, Entry[]>();
	private readonly byDocument = new Map<string, Entry>();
	private readonly asked = new Set<string>();

	/** From a second input or JSON instead of the store: documents without a user_id are left to the caller. */
	static of(documents: ReadonlyArray<Record<string, unknown>>): Directory {
		const directory = new Directory();
		for (const document of documents) {
			const entry = directory.entry(String(document.user_id), document);
			for (const key of entry.keys) directory.add(key, entry);
		}
		return directory;
	}

	/** Reads what has not been asked for yet; no query where nothing is left. */
	async read(store: Pick<PreferenceRepository, 'find'>, keys: Iterable<string>): Promise<void> {
		const wanted = [...new Set(keys)].filter((key) => !this.asked.has(key));
		if (wanted.length === 0) return;
		for (const key of wanted) this.asked.add(key);
		for (const row of await store.find(wanted))
			this.add(row.key, this.entry(row.user_id, row.document));
	}

	/** The one person whom a reference names, the best key first. */
	find(reference: Reference): { entry: Entry; others: number } | undefined {
		for (const key of reference.keys) {
			const found = this.byKey.get(key);
			if (found) return { entry: found[0], others: found.length - 1 };
		}
		return undefined;
	}

	members(keys: readonly string[]): Entry[] {
		return [...new Set(keys.flatMap((key) => this.byKey.get(key) ?? []))].sort(byId);
	}

	private entry(userId: string, document: Record<string, unknown>): Entry {
		let entry = this.byDocument.get(userId);
		if (!entry)
			this.byDocument.set(
				userId,
				(entry = { user_id: userId, document, keys: new Set(preferenceKeys(document)) }),
			);
		return entry;
	}

	private add(key: string, entry: Entry): void {
		const list = this.byKey.get(key);
		if (!list) this.byKey.set(key, [entry]);
		else if (!list.includes(entry)) list.push(entry);
		if (list && list.length > 1) list.sort(byId);
	}
}

const byId = (a: Entry, b: Entry): number =>
	a.user_id < b.user_id ? -1 : a.user_id > b.user_id ? 1 : 0;
