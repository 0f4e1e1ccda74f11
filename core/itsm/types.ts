import type { HttpRequest, HttpResponse } from '../channels/types';
import type { Priority, TicketStatus } from '../events/model';

/** The systems that can be written to. */
export const ITSM_IDS = ['serviceNow', 'requestTracker'] as const;
export type ItsmId = (typeof ITSM_IDS)[number];

export const isItsmId = (value: unknown): value is ItsmId =>
	(ITSM_IDS as readonly unknown[]).includes(value);

/** One call; throws TransportError where no answer came. */
export type ItsmHttp = (request: HttpRequest) => Promise<HttpResponse>;

/** Somebody as the system names them. */
export interface ItsmPerson {
	/** What the system's API takes: a sys_id, a login. */
	id: string;
	login?: string | null;
	email?: string | null;
	name?: string | null;
}

/** A ticket as its system has it now. */
export interface ItsmTicket {
	/** What the system's API takes. */
	id: string;
	number: string | null;
	title: string;
	status: TicketStatus | null;
	native_status: string;
	assignee: ItsmPerson | null;
	priority: Priority | null;
	/** As people read it. */
	group: string | null;
	url: string | null;
	/** Another one after every change. */
	version: string;
	/** The system's own values that a plan is made from. */
	native: Readonly<Record<string, string>>;
}

/** What is to be written: the verdict of judge.ts in words of no system. */
export interface Wish {
	/** Work begins. */
	begin?: boolean;
	resolve?: { notes: string; public: boolean };
	assignee?: ItsmPerson;
	/** Raise it, and hand it to the group that the settings name. */
	escalate?: boolean;
	/** `automatic`: not the person's own words, so not worth a write of its own. */
	comment?: { text: string; public: boolean; automatic?: boolean };
}

/** One write. A retry goes on behind those that are done, by their id. */
export interface Step {
	id: 'fields' | 'comment';
	/** In the system's own names. */
	body: Readonly<Record<string, string>>;
	public?: boolean;
}

/** What a plan writes, as a webhook would tell it. */
export interface Writes {
	status?: TicketStatus;
	assignee?: ItsmPerson;
	priority?: true;
	group?: true;
	comment?: string;
}

export interface Plan {
	/** None: the ticket is like that already. */
	steps: Step[];
	writes: Writes;
}

/** One system. Calls throw ItsmFailure; `plan` and `missing` are pure. */
export interface Itsm {
	id: ItsmId;
	name: string;
	/** The login under which we write, where it is known. */
	account: string | null;
	read(ticketId: string): Promise<ItsmTicket>;
	/** The first of these names (id, login, mail) that the system knows. */
	person(names: readonly string[]): Promise<ItsmPerson | undefined>;
	/** Looks up what `plan` needs besides the ticket. */
	prepare?(): Promise<void>;
	plan(wish: Wish, ticket: ItsmTicket): Plan;
	/** Writes and gives the ticket as it is then. */
	write(ticket: ItsmTicket, step: Step): Promise<ItsmTicket>;
	/** The fields of a step that the ticket does not show, by their names. */
	missing(ticket: ItsmTicket, step: Step): string[];
	/** Whether the account has said this since an instant; undefined where it cannot be found out. */
	hasSaid(ticket: ItsmTicket, step: Step, since: Date): Promise<boolean | undefined>;
	/** Asks whether the credential works; throws ItsmFailure. Gives the account's name. */
	probe(): Promise<string | null>;
}

/** How a system is reached. */
export interface ItsmAccess {
	baseUrl: string;
	headers: Record<string, string>;
	/** The login under which we write, where it is known. */
	account: string | null;
	/** What no message may show. */
	secrets: readonly string[];
	http: ItsmHttp;
}
