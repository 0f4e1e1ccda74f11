import type { PersonRef } from '../../events/model';
import type { Recipient } from '../../events/delivery';
import { bag, optional } from './safe';

/** A person as templates see them; `{{assignee}}` prints the name. */
export interface PersonView {
	name: string;
	id: string | null;
	email: string | null;
	login: string | null;
}

type Ref = PersonRef | number | bigint | null | undefined;

/** A person with a printable name, or null where nobody is named. */
export function personView(ref: Ref): PersonView | null {
	if (ref === null || ref === undefined) return null;
	if (typeof ref !== 'object') {
		const text = optional(String(ref))?.trim();
		if (!text) return null;
		return bag({ name: text, id: text, email: text.includes('@') ? text : null, login: text });
	}
	const id = ref.id === undefined || ref.id === null ? null : optional(String(ref.id));
	const email = optional(ref.email);
	const login = optional(ref.login);
	const name = optional(ref.name) ?? login ?? email ?? id;
	return name ? bag({ name, id, email, login }) : null;
}

const sameText = (a: string | null | undefined, b: string | null | undefined): boolean =>
	Boolean(a && b) && a?.toLowerCase() === b?.toLowerCase();

/** True where the ticket's person is the reader. */
export function isReader(person: PersonView | null, recipient: Recipient): boolean {
	if (!person) return false;
	const mine = [recipient.user_id, recipient.username, optional(recipient.email)];
	const theirs = [person.id, person.login, person.email];
	return mine.some((own) => theirs.some((other) => sameText(own, other)));
}

/** What the reader is called: a display name if the document has one, else the user name, else the id. */
export const readerName = (recipient: Recipient): string =>
	optional(recipient.name) ??
	optional(recipient.display_name) ??
	optional(recipient.username) ??
	recipient.user_id;

/** The event often has a bare id; where it is the reader, their name is known. */
export function withReaderName(person: PersonView | null, recipient: Recipient): PersonView | null {
	if (!person || !isReader(person, recipient)) return person;
	const bare = person.name === person.id || person.name === person.login;
	return bare ? bag({ ...person, name: readerName(recipient) }) : person;
}
