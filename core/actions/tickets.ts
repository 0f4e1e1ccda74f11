/** A ticket that a person was told of. */
export interface KnownTicket {
	ticket_key: string;
	ticket_id: string;
	number?: string | null;
	open: boolean;
	/** When the person heard of it last, ISO. */
	told_at: string;
}

export type TicketChoice =
	| { ok: true; ticket: KnownTicket }
	| { ok: false; problem: 'unknown_ticket' | 'which_ticket' | 'no_ticket'; list: KnownTicket[] };

const plain = (text: string): string =>
	text
		.normalize('NFKC')
		.toLowerCase()
		.replace(/[\s#_-]/g, '');
const digits = (text: string): string => plain(text).replace(/^\D*0*/, '');

/**
 * Which ticket is meant: the whole id or number; else its digits, where they fit one only (`42` is INC0000042); with nothing
 * named the one open ticket. Several open ones are asked for, never guessed.
 */
export function chooseTicket(
	named: string | undefined,
	tickets: readonly KnownTicket[],
): TicketChoice {
	const newest = [...tickets].sort((a, b) => (a.told_at < b.told_at ? 1 : -1));
	if (named !== undefined) {
		const whole = newest.filter((t) =>
			[t.ticket_id, t.number ?? ''].some((id) => id && plain(id) === plain(named)),
		);
		const fitting = whole.length > 0 ? whole : byDigits(named, newest);
		if (fitting.length === 1) return { ok: true, ticket: fitting[0] };
		const open = fitting.filter((t) => t.open);
		if (open.length === 1) return { ok: true, ticket: open[0] };
		return fitting.length === 0
			? { ok: false, problem: 'unknown_ticket', list: [] }
			: { ok: false, problem: 'which_ticket', list: fitting };
	}
	const open = newest.filter((t) => t.open);
	if (open.length === 1) return { ok: true, ticket: open[0] };
	return { ok: false, problem: open.length === 0 ? 'no_ticket' : 'which_ticket', list: open };
}

function byDigits(named: string, tickets: readonly KnownTicket[]): KnownTicket[] {
	// Letters that were written must fit too: `CHG42` is not INC0000042.
	const letters = plain(named).replace(/\d.*$/, '');
	return tickets.filter((t) =>
		[t.ticket_id, t.number ?? ''].some(
			(id) => /\d/.test(id) && digits(id) === digits(named) && plain(id).startsWith(letters),
		),
	);
}
