import { permit, ticketStatus, type Permissions } from '../actions';
import type { Interaction } from '../events/delivery';
import type { Store } from '../store/types';
import { answererOf, rolesOf } from './people';

export interface PermissionVerdict {
	allowed: boolean;
	/** `permitted`, why not, or the problem of the answer itself. */
	reason: string;
	/**
	 * Whether the ITSM is to be asked: more than a matter of our own such as mute, and allowed, or refused only for a status
	 * that may be old: the ITSM has the last word on it, and says who was first.
	 */
	ask_itsm: boolean;
	roles: string[];
	status: string | null;
}

/** What is done in our own store alone. */
const OWN: readonly string[] = ['mute', 'unmute'];

/** The rule that drew the buttons, asked again with what is known now; words that were not understood are not allowed. */
export async function checkPermission(
	store: Store,
	interaction: Interaction,
	permissions?: Permissions,
): Promise<PermissionVerdict> {
	const problem = interaction.parameters.problem;
	const none = { ask_itsm: false, roles: [], status: null };
	if (typeof problem === 'string') return { allowed: false, reason: problem, ...none };
	if (interaction.action === 'unknown' || interaction.action === 'help')
		return { allowed: false, reason: interaction.action, ...none };
	const person = interaction.user.user_id
		? await answererOf(store, { userId: interaction.user.user_id })
		: undefined;
	if (!person) return { allowed: false, reason: 'unknown_person', ...none };
	const key = interaction.ticket_key;
	if (typeof key !== 'string') return { allowed: true, reason: 'permitted', ...none };
	const [state] = await store.tickets.get([key]);
	const [chain] = await store.chains.get([key]);
	const roles = await rolesOf(store, person, key, state?.event);
	const status = state ? (state.status ?? ticketStatus(state.event)) : null;
	const verdict = permit(
		interaction.action,
		{ roles, status, escalating: chain?.status === 'running' },
		permissions,
	);
	const mayAsk = verdict.allowed || verdict.reason === 'status_not_permitted';
	const ask_itsm = mayAsk && !OWN.includes(interaction.action);
	return { ...verdict, ask_itsm, roles, status };
}
