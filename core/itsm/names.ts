import type { PersonRef } from '../events/model';
import type { ItsmPerson } from './types';

const plain = (name: string): string => name.replace(/\s+/g, ' ').trim().toLowerCase();

/** Every name of somebody, in one spelling. */
export function namesOf(person: ItsmPerson | PersonRef | null | undefined): string[] {
	if (!person) return [];
	const names =
		typeof person === 'string' ? [person] : [person.id, person.login, person.email, person.name];
	return names.flatMap((name) => (name?.trim() ? [plain(name)] : []));
}

/** Whether one of the names is theirs. */
export const isCalled = (
	person: ItsmPerson | PersonRef | null | undefined,
	names: readonly string[],
): boolean => namesOf(person).some((name) => names.some((other) => plain(other) === name));

/** What to call them. */
export const shownName = (person: ItsmPerson | null | undefined): string | null =>
	person ? (person.name ?? person.login ?? person.email ?? person.id) : null;
