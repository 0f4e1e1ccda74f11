import { plainCopy } from '../plain';
import { instantOf } from '../rules';
import type { ChainRepository, ChainState, TicketRepository, TicketState } from '../types';
import type { MemoryContext } from './context';

export class MemoryTickets implements TicketRepository {
	constructor(private readonly context: MemoryContext) {}

	async get(keys: readonly string[]): Promise<TicketState[]> {
		const { tickets } = this.context.state;
		return this.context.step(() => plainCopy(tickets.pick(keys)));
	}

	async put(rows: readonly TicketState[]): Promise<void> {
		const { tickets, documents } = this.context.state;
		return this.context.step(() => {
			for (const row of rows) {
				const known = tickets.get(row.ticket_key);
				if (known && instantOf(row) < instantOf(known)) continue;
				const { event, ...rest } = row;
				tickets.set({
					...acknowledgement(known),
					...plainCopy(rest),
					event: documents.event(event),
				});
			}
		});
	}

	async open(): Promise<TicketState[]> {
		const { tickets } = this.context.state;
		return this.context.step(() =>
			plainCopy(tickets.by('open', 'open').sort((a, b) => (a.ticket_key < b.ticket_key ? -1 : 1))),
		);
	}
}

/** A newer state that says nothing of the acknowledgement leaves it as it is. */
const acknowledgement = (known: TicketState | undefined) => ({
	acknowledged_by: known?.acknowledged_by ?? null,
	acknowledged_at: known?.acknowledged_at ?? null,
});

export class MemoryChains implements ChainRepository {
	constructor(private readonly context: MemoryContext) {}

	async get(ticketKeys: readonly string[]): Promise<ChainState[]> {
		const { chains } = this.context.state;
		return this.context.step(() => plainCopy(chains.pick(ticketKeys)));
	}

	async put(rows: readonly ChainState[]): Promise<void> {
		const { chains } = this.context.state;
		return this.context.step(() => rows.forEach((row) => chains.set(plainCopy(row))));
	}

	async due(now: string, limit: number): Promise<ChainState[]> {
		const { chains } = this.context.state;
		return this.context.step(() => plainCopy(chains.due('due', now, limit)));
	}

	async nextDue(): Promise<string | undefined> {
		const { chains } = this.context.state;
		return this.context.step(() => chains.firstDue('due'));
	}
}
