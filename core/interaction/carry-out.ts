import { markEcho, permit } from '../actions';
import { channels } from '../channels';
import type { ChannelId, Interaction } from '../events/delivery';
import {
	judge,
	namesOf,
	noteOf,
	tried,
	type Itsm,
	type ItsmPerson,
	type ItsmTicket,
	type Plan,
	type TicketAction,
	type Wish,
} from '../itsm';
import type { Store } from '../store/types';
import { viewOf, type ActionResult, type ActOptions, type Progress } from './act-types';
import type { Ask } from './ask';
import { historyOf, noteHistory } from './history';

export interface Work {
	store: Store;
	itsm: Itsm;
	item: Interaction;
	ask: Ask;
	options: ActOptions;
	progress: Progress;
	/** Roles of the person on the ticket; undefined where no permission is asked for. */
	roles?: readonly string[];
	/** Writes the progress down and holds on for longer; throws where somebody else has taken over. */
	save(): Promise<void>;
}

export type Outcome = Omit<ActionResult, 'attempts' | 'steps' | 'before'>;

/** A ticket that changes under every try is left for later. */
const MAX_ROUNDS = 3;

/**
 * One try: reads the ticket, judges, writes what is still to be written. Throws ItsmFailure where the system does not let
 * it come to an end; `progress` then says how far it came.
 */
export async function carryOut(work: Work): Promise<Outcome> {
	const { itsm, item, ask, progress } = work;
	for (let round = 1; ; round++) {
		const ticket = await itsm.read(ask.ticketId);
		// Named by its number: its webhooks come under its id.
		if (typeof item.ticket_key !== 'string') ask.ticketKey = `${itsm.id}:${ticket.id}`;
		progress.before ??= viewOf(ticket);
		if (ask.action === 'status') return { status: 'done', after: viewOf(ticket) };
		const doubt = await settleDoubt(work, ticket);
		if (doubt) return doubt;
		if (progress.steps.length === 0) {
			const verdict = await decide(work, ask.action as TicketAction, ticket);
			if (verdict) return verdict;
		}
		const written = await tried(() => writeAll(work, ticket));
		if (written.ok) return written.value;
		if (written.failure.code !== 'ticket_changed' || round === MAX_ROUNDS) throw written.failure;
	}
}

/** An earlier try may have written: what the ticket shows is not written again. Its answer, where nobody can tell. */
async function settleDoubt(work: Work, ticket: ItsmTicket): Promise<Outcome | undefined> {
	const { itsm, progress } = work;
	const { plan, before } = progress;
	if (!progress.uncertain || !plan) return undefined;
	for (const step of plan.steps.filter(({ id }) => !progress.steps.includes(id))) {
		if (step.id === 'fields') {
			if (itsm.missing(ticket, step).length > 0) break;
		} else if (before?.version === ticket.version) {
			break;
		} else {
			const hasSaid = await itsm.hasSaid(ticket, step, new Date(progress.since));
			if (hasSaid === undefined)
				return {
					status: 'failed',
					code: 'uncertain',
					message: `${itsm.name} broke off, and it cannot be found out whether the comment was written.`,
					after: viewOf(ticket),
				};
			if (!hasSaid) break;
		}
		progress.steps.push(step.id);
	}
	progress.uncertain = false;
	return undefined;
}

/** Plans what is to be written; an outcome where nothing is. */
async function decide(
	work: Work,
	action: TicketAction,
	ticket: ItsmTicket,
): Promise<Outcome | undefined> {
	const { store, itsm, ask, options, progress, roles } = work;
	progress.before = viewOf(ticket);
	const me = await meIn(work, action);
	const target = action === 'assign' ? await itsm.person([ask.assignee as string]) : undefined;
	if (action === 'assign' && !target)
		return failed('unknown_person', `${itsm.name} knows nobody as "${ask.assignee}".`, ticket);
	const history = await historyOf(store, ask.ticketKey, options.now());
	const mine = [...ask.mine, ...namesOf(me)];
	const { userId, shown } = ask;
	const verdict = judge({ action, ticket, userId, mine, target, shown, history });
	if (verdict.kind !== 'write') {
		const after = viewOf(ticket);
		const who = verdict.code === 'acknowledged_by_other' ? verdict.who : null;
		return {
			status: verdict.kind,
			code: verdict.code,
			after: { ...after, assignee: after.assignee ?? who },
		};
	}
	if (roles) {
		const [chain] = await store.chains.get([ask.ticketKey]);
		const escalating = chain?.status === 'running';
		const question = { roles, status: ticket.status, escalating };
		const permission = permit(action, question, options.permissions);
		if (!permission.allowed)
			return { status: 'denied', code: permission.reason, after: viewOf(ticket) };
	}
	if (action === 'escalate') await itsm.prepare?.();
	const plan = itsm.plan(wishOf(work, action, ticket, me, target), ticket);
	if (plan.steps.length === 0)
		return { status: 'unchanged', code: 'already_raised', after: viewOf(ticket) };
	progress.plan = plan;
	return undefined;
}

/** The person as the system knows them, where the ticket may become theirs. */
async function meIn(
	{ itsm, ask, options }: Work,
	action: TicketAction,
): Promise<ItsmPerson | undefined> {
	if (action === 'comment' || ask.mine.length === 0) return undefined;
	if (action === 'acknowledge' && options.takeOver === 'never') return undefined;
	return itsm.person(ask.mine);
}

function wishOf(
	{ item, ask, options }: Work,
	action: TicketAction,
	ticket: ItsmTicket,
	me: ItsmPerson | undefined,
	target: ItsmPerson | undefined,
): Wish {
	const where = channels[item.channel as ChannelId]?.name ?? item.channel;
	const { who, text, language } = ask;
	const note = noteOf({ action, who, where, text, language });
	const isPublic = options.publicComments ?? false;
	if (action === 'resolve')
		return { resolve: { notes: note || 'Resolved', public: isPublic && text !== '' } };
	const comment = note
		? { comment: { text: note, public: isPublic && text !== '', automatic: text === '' } }
		: {};
	switch (action) {
		case 'comment':
			return comment;
		case 'assign':
			return { assignee: target, ...comment };
		case 'escalate':
			return { escalate: true, ...comment };
		case 'acknowledge': {
			const isWaiting = ticket.status === 'new' || ticket.status === 'assigned';
			const takes = me && (options.takeOver === 'always' || !ticket.assignee);
			return {
				...(isWaiting || ticket.status === null ? { begin: true } : {}),
				...(takes ? { assignee: me } : {}),
				...comment,
			};
		}
	}
}

/** Writes the steps that are left, each remembered before the next begins. */
async function writeAll(work: Work, read: ItsmTicket): Promise<Outcome> {
	const { store, itsm, ask, options, progress } = work;
	const plan = progress.plan as Plan;
	let ticket = read;
	if (options.mode !== 'test') await mark(work, plan);
	for (const step of plan.steps) {
		if (progress.steps.includes(step.id)) continue;
		await work.save();
		const written = await tried(() => itsm.write(ticket, step));
		if (!written.ok) {
			if (written.failure.ambiguous) progress.uncertain = true;
			throw written.failure;
		}
		ticket = written.value;
		const missing = itsm.missing(ticket, step);
		if (missing.length > 0)
			return failed(
				'not_written',
				`${itsm.name} took the change but did not keep ${missing.join(', ')}: look at the rights of its account.`,
				ticket,
			);
		progress.steps.push(step.id);
	}
	if (options.mode !== 'test') {
		const did = { action: ask.action, by: ask.userId ?? '', name: ask.who ?? '', ticket };
		await noteHistory(store, ask.ticketKey, did, options.now());
	}
	return { status: 'done', after: viewOf(ticket) };
}

/** The webhook that the write causes is recognised: the person is not told of it, and it is no progress of its own. */
async function mark({ store, itsm, ask, options }: Work, { writes }: Plan): Promise<void> {
	const { status, assignee, priority, group, comment } = writes;
	await markEcho(
		store,
		ask.ticketKey,
		{
			actor: ask.userId ?? itsm.account ?? 'itsm-notify',
			action: ask.action,
			account: itsm.account,
			fields: {
				...(status ? { status } : {}),
				...(assignee ? { assignee: namesOf(assignee) } : {}),
				...(priority ? { priority } : {}),
				...(group ? { group } : {}),
				...(comment ? { comment } : {}),
			},
		},
		options.now(),
	);
}

const failed = (code: string, message: string, ticket: ItsmTicket): Outcome => ({
	status: 'failed',
	code,
	message,
	after: viewOf(ticket),
});
