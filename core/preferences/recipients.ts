import { typesOf, type NotificationEvent } from '../events/model';
import {
	Directory,
	groupKeys,
	referenceOf,
	strangerKey,
	type Entry,
	type Reference,
} from './people';
import type { Policy } from './policy';
import { rolesFor, stronger, type Role } from './roles';

/** Whom an event means, before anybody is looked up. */
export interface Audience {
	event: NotificationEvent;
	/** Named people with the role for which they get it. */
	mentions: ReadonlyArray<{ role: Role; reference: Reference }>;
	/** Keys of groups whose members get it. */
	groups: readonly string[];
	/** Whether the assignee's manager gets it. */
	manager: boolean;
	/** `target_users` was given: exactly these; the rest of the event only tells their roles. */
	exact: boolean;
	/** What the event says of people besides, for roles of exact targets. */
	others: ReadonlyArray<{ role: Role; reference: Reference }>;
	/** Members of the ticket's group stand in where nobody else is named. */
	standIn: readonly string[];
	assignee?: Reference;
	/** Who did it, as the event says. */
	actor?: Reference;
}

/** Somebody who is to get an event, with every role that reached them. */
export interface Target {
	entry?: Entry;
	/** Set where nobody is known by the reference. */
	stranger?: Reference;
	role: Role;
	roles: Role[];
}

/** Reads from the event and the policy's table who is meant. */
export function audienceOf(event: NotificationEvent, policy: Policy): Audience {
	const { content, source } = event;
	const named = (
		role: Role,
		people: ReadonlyArray<Parameters<typeof referenceOf>[0]>,
	): Audience['others'] =>
		people.flatMap((person) => {
			const reference = referenceOf(person, source);
			return reference ? [{ role, reference }] : [];
		});
	const by: Record<string, Audience['others']> = {
		assignee: named('assignee', [content.assignee]),
		requester: named('requester', [content.requester]),
		approver: named('approver', content.approvers ?? []),
		watcher: named('watcher', content.watchers ?? []),
	};
	const group = groupKeys(content.group);
	const assignee = by.assignee[0]?.reference;
	const actor = referenceOf(event.context.actor, source);
	const targets = event.target_users ?? [];
	if (targets.length > 0) {
		return {
			event,
			mentions: named('target', targets),
			groups: [],
			manager: false,
			exact: true,
			others: Object.values(by).flat(),
			standIn: [],
			assignee,
			actor,
		};
	}
	const words = rolesFor(typesOf(event), assignee !== undefined, policy.routing.recipients);
	const mentions: Array<{ role: Role; reference: Reference }> = [];
	const groups: string[] = [];
	for (const word of words) {
		if ('user' in word) mentions.push(...named('target', [word.user]));
		else if ('group' in word) groups.push(...groupKeys(word.group));
		else if (word.role === 'operators') mentions.push(...named('target', policy.routing.operators));
		else if (word.role === 'group') groups.push(...group);
		else mentions.push(...(by[word.role] ?? []));
	}
	const manager = words.some((word) => 'role' in word && word.role === 'manager');
	return {
		event,
		mentions,
		groups,
		manager,
		exact: false,
		others: [],
		standIn: group,
		assignee,
		actor,
	};
}

/** Every key that the first bulk read of a run needs. */
export function keysOf(audience: Audience): string[] {
	const references = [...audience.mentions, ...audience.others].map(
		({ reference }) => reference.keys,
	);
	const assignee = audience.manager ? (audience.assignee?.keys ?? []) : [];
	return [
		...references.flat(),
		...audience.groups,
		...audience.standIn,
		...assignee,
		...(audience.actor?.keys ?? []),
	];
}

/** Whether the assignee's manager matters, so that they are to be read too. */
export const asksManager = (audience: Audience): boolean =>
	(audience.manager || audience.exact) && audience.assignee !== undefined;

/** Whether a target is the one who did it. */
export function isActor({ actor }: Audience, target: Target, directory: Directory): boolean {
	if (!actor) return false;
	const known = directory.find(actor)?.entry;
	if (known) return known === target.entry;
	return !target.entry && actor.keys.some((key) => target.stranger?.keys.includes(key));
}

/** People of an audience, each once with the strongest role (RP2), in the order in which they are named. */
export function targetsOf(
	audience: Audience,
	directory: Directory,
	manager: Reference | undefined,
	ambiguous: (reference: Reference, entry: Entry) => void,
): Target[] {
	const targets = new Map<string, Target>();
	const reach = (key: string, role: Role, who: Pick<Target, 'entry' | 'stranger'>): void => {
		const known = targets.get(key);
		if (!known) return void targets.set(key, { ...who, role, roles: [role] });
		known.role = stronger(known.role, role);
		if (!known.roles.includes(role)) known.roles.push(role);
	};
	const mention = (role: Role, reference: Reference, onlyKnown = false): void => {
		const found = directory.find(reference);
		const key = found ? `user ${found.entry.user_id}` : `stranger ${strangerKey(reference)}`;
		if (onlyKnown && !targets.has(key)) return;
		if (found && found.others > 0) ambiguous(reference, found.entry);
		reach(key, role, found ? { entry: found.entry } : { stranger: reference });
	};
	for (const { role, reference } of audience.mentions) mention(role, reference);
	if (manager && (audience.manager || audience.exact)) mention('manager', manager, audience.exact);
	for (const { role, reference } of audience.others) mention(role, reference, true);
	for (const entry of directory.members(audience.groups))
		reach(`user ${entry.user_id}`, 'group', { entry });
	if (targets.size === 0)
		for (const entry of directory.members(audience.standIn))
			reach(`user ${entry.user_id}`, 'group', { entry });
	return [...targets.values()];
}
