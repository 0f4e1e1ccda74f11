import type { Delivery } from '../events/delivery';
import { isOfType, type NotificationEvent } from '../events/model';
import { messageOf } from '../errors';
import { score, type Score } from '../strategy/priority';
import { deliveryItem, unsupportedStatus } from './item';
import { effective, type EffectivePreference } from './merge';
import { Directory, referenceOf, type Entry, type Reference } from './people';
import {
	asksManager,
	audienceOf,
	isActor,
	keysOf,
	targetsOf,
	type Audience,
	type Target,
} from './recipients';
import type { NoRouteReason, ResolveOptions, ResolveResult, ResolveWarning } from './resolved';
import type { Role } from './roles';
import { route, type ChosenChannel } from './route';

export type {
	NoRoute,
	NoRouteReason,
	ResolveOptions,
	ResolveResult,
	ResolveWarning,
} from './resolved';

/**
 * Events → deliveries, one per person and channel. Reads all people in one query, and in one more those managers that
 * the first has not brought. A broken document costs its person only.
 */
export async function resolveEvents(
	events: readonly NotificationEvent[],
	options: ResolveOptions,
): Promise<ResolveResult> {
	const run = new Run(options);
	const audiences = events.map((event) => audienceOf(event, options.policy));
	const directory = await run.open(audiences);
	for (const audience of audiences) run.add(audience, directory);
	return run.result;
}

/** What one call of resolveEvents gathers. */
class Run {
	readonly result: ResolveResult = {
		deliveries: [],
		unsupported: [],
		noRoute: [],
		skipped: [],
		warnings: [],
	};
	private readonly known: ReadonlySet<string>;
	private readonly people = new Map<string, EffectivePreference | { broken: unknown }>();
	private readonly warned = new Set<string>();

	constructor(private readonly options: ResolveOptions) {
		this.known = new Set(options.knownChannels);
	}

	async open(audiences: readonly Audience[]): Promise<Directory> {
		const { documents, store } = this.options;
		if (documents) {
			const usable = documents.filter((document, index) => this.hasId(document, index));
			return Directory.of(usable);
		}
		const directory = new Directory();
		if (!store) return directory;
		await directory.read(store.preferences, audiences.flatMap(keysOf));
		await directory.read(
			store.preferences,
			audiences.flatMap((audience) => this.managerOf(audience, directory)?.keys ?? []),
		);
		return directory;
	}

	add(audience: Audience, directory: Directory): void {
		const { event } = audience;
		const targets = targetsOf(
			audience,
			directory,
			this.managerOf(audience, directory),
			(reference, entry) =>
				this.warn({
					code: 'ambiguous_person',
					message: `"${reference.text}" names several people; ${entry.user_id} is taken`,
					user_id: entry.user_id,
				}),
		);
		if (targets.length === 0) {
			this.result.noRoute.push({
				event,
				recipient: { user_id: null, name: null, role: null },
				reason: 'no_user',
				details: { group: event.content.group ?? null },
			});
		}
		const scores = new Map<Role, Score>();
		const scoreOf = (role: Role): Score => {
			let found = scores.get(role);
			if (!found)
				scores.set(role, (found = score(event, role, this.options.policy, this.options.now)));
			return found;
		};
		for (const target of targets)
			this.deliver(event, target, scoreOf, isActor(audience, target, directory));
	}

	private deliver(
		event: NotificationEvent,
		target: Target,
		scoreOf: (role: Role) => Score,
		actor: boolean,
	): void {
		const { policy } = this.options;
		const mandatory = isOfType(event, policy.routing.mandatory_types);
		const leave = (reason: NoRouteReason, details: Record<string, unknown> = {}): void => {
			const recipient = {
				user_id: target.entry?.user_id ?? null,
				name: target.stranger?.text ?? null,
				role: target.role,
			};
			this.result.noRoute.push({
				event,
				recipient,
				reason,
				details: { roles: target.roles, ...details },
			});
		};
		if (!mandatory && !policy.routing.notify_actor && actor) return leave('actor_not_notified');
		const person = target.entry
			? this.personOf(target.entry)
			: this.strangerOf(target.stranger as Reference);
		if (!person) return leave('unknown_person', { mail: target.stranger?.mail ?? null });
		if ('broken' in person)
			return leave('invalid_preferences', {
				error: messageOf(person.broken),
				field: fieldOf(person.broken),
			});
		if (!person.active) return leave('inactive');
		// Somebody without a document has said nothing about categories.
		const routed = route(person, event, mandatory || !target.entry, this.known);
		for (const { channel, reason } of routed.skipped) {
			if (reason !== 'category_off')
				this.result.skipped.push({
					event_id: event.event_id,
					user_id: person.user_id,
					channel,
					reason,
				});
		}
		const item = (chosen: ChosenChannel): Delivery =>
			deliveryItem(event, target, person, chosen, routed, scoreOf(target.role));
		for (const chosen of routed.chosen) this.result.deliveries.push(item(chosen));
		for (const chosen of routed.unsupported)
			this.result.unsupported.push({
				...item(chosen),
				status: unsupportedStatus(chosen.channel, this.options.now),
			});
		if (routed.reason)
			leave(routed.reason, {
				channels: [
					...routed.skipped,
					...routed.unsupported.map(({ channel }) => ({ channel, reason: 'unsupported_channel' })),
				],
			});
	}

	private personOf(entry: Entry): EffectivePreference | { broken: unknown } {
		let person = this.people.get(entry.user_id);
		if (!person) {
			try {
				person = effective(entry.document, this.options.policy);
				const { zone_warning: warning } = person;
				if (warning)
					this.warn({
						...warning,
						message: `${entry.user_id}: ${warning.message}`,
						user_id: entry.user_id,
					});
			} catch (error) {
				person = { broken: error };
			}
			this.people.set(entry.user_id, person);
		}
		return person;
	}

	/** Unknown, but with a mail address: the first ticket arrives with no set-up but SMTP. */
	private strangerOf(stranger: Reference): EffectivePreference | { broken: unknown } | undefined {
		if (
			stranger.mail === undefined ||
			this.options.policy.routing.unknown_person !== 'email' ||
			!this.known.has('email')
		)
			return undefined;
		const document = {
			user_id: `email:${stranger.mail}`,
			username: stranger.text,
			notification_preferences: { channels: ['email'], email: { address: stranger.mail } },
		};
		// Nobody expects a zone of a stranger: no warning for falling back.
		this.warned.add(`no_zone ${document.user_id}`);
		return this.personOf({ user_id: document.user_id, document, keys: new Set() });
	}

	/** The manager of the assignee, as their document names them. */
	private managerOf(audience: Audience, directory: Directory): Reference | undefined {
		const found = asksManager(audience)
			? directory.find(audience.assignee as Reference)
			: undefined;
		const person = found && this.personOf(found.entry);
		return person && !('broken' in person)
			? referenceOf(person.manager, audience.event.source)
			: undefined;
	}

	private hasId(document: Record<string, unknown>, index: number): boolean {
		const id: unknown = document.user_id;
		const given = (typeof id === 'string' && id.trim() !== '') || typeof id === 'number';
		if (!given)
			this.warn({
				code: 'invalid_preferences',
				field: 'user_id',
				message: `Preference document ${index} has no user_id`,
			});
		return given;
	}

	private warn(warning: ResolveWarning): void {
		const key = `${warning.code} ${warning.user_id ?? warning.message}`;
		if (this.warned.has(key)) return;
		this.warned.add(key);
		this.result.warnings.push(warning);
	}
}

const fieldOf = (error: unknown): unknown => (error as { field?: unknown }).field ?? null;
