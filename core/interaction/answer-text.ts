import { fill, wordsFor, type ActionWords } from '../actions';
import type { Interaction } from '../events/delivery';
import type { NotificationEvent } from '../events/model';
import type { TicketState } from '../store/types';
import type { InteractionResult } from './result';

/** The one line that the person is answered with, in their language. */
export function answerText(
	interaction: Interaction,
	result: InteractionResult,
	state: TicketState | undefined,
): string {
	const language = interaction.user.language as string | undefined;
	const words = wordsFor(language);
	const { answers } = words;
	const content = state?.event.content;
	const number = content?.number ?? content?.ticket_id ?? interaction.ticket_id ?? '42';
	const problem = interaction.parameters.problem as string | undefined;
	const status = result.after?.status ?? state?.status ?? null;
	const values = {
		n: problem === 'unknown_ticket' ? String(interaction.parameters.ticket ?? '') : String(number),
		s: statusWord(words, status),
		who: result.after?.assignee ?? nameOf(content?.assignee) ?? words.statuses.nobody,
		title: content?.ticket_title ?? '',
		why: result.message ?? result.code ?? '',
		until: untilText(interaction),
		list: ((interaction.parameters.tickets as string[] | undefined) ?? []).join(', '),
		w: `ack ${((interaction.parameters.tickets as string[] | undefined) ?? ['42'])[0]}`,
		help: fill(answers.help, { n: String(number) }),
	};
	return fill(answers[answerKey(interaction, result, problem)] ?? answers.failed, values);
}

function answerKey(
	{ action, ticket_key }: Interaction,
	result: InteractionResult,
	problem: string | undefined,
): string {
	if (problem) return problem;
	if (action === 'unknown' || action === 'help') return action;
	if (result.status === 'denied') return result.code ?? 'role_not_permitted';
	if (result.status === 'conflict')
		return result.code === 'acknowledged_by_other' ? 'conflict_first' : 'conflict';
	if (result.status !== 'done') return result.status;
	return (action === 'mute' || action === 'unmute') && !ticket_key ? `${action}_all` : action;
}

const statusWord = (words: ActionWords, status: string | null): string =>
	words.statuses[status ?? 'unknown'] ?? status ?? words.statuses.unknown;

function nameOf(person: NotificationEvent['content']['assignee']): string | undefined {
	if (!person) return undefined;
	return typeof person === 'string'
		? person
		: (person.name ?? person.login ?? person.email ?? person.id ?? undefined);
}

function untilText({ parameters, user }: Interaction): string {
	const until = typeof parameters.until === 'string' ? new Date(parameters.until) : undefined;
	if (!until) return '';
	return new Intl.DateTimeFormat((user.language as string | undefined) ?? 'en', {
		dateStyle: 'medium',
		timeStyle: 'short',
		timeZone: (user.timezone as string | undefined) ?? 'UTC',
	}).format(until);
}
