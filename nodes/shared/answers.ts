import type { InboundCall } from '../../core/channels';
import type { Interaction } from '../../core/events';
import { takeCalls, takeLink, type LinkView, type TakeOptions } from '../../core/interaction';
import { answerRow, type IntakeNode } from '../../core/intake';
import type { Store } from '../../core/store';
import { nameOf, wakeIntake } from './intake';

/** How a call is taken in; in a test run nothing is kept, and what came is shown at once. */
export interface Intake {
	node: IntakeNode;
	options: TakeOptions;
}

/** Before it is known from which channel an answer comes. */
export interface AnyIntake {
	node: IntakeNode;
	options: Omit<TakeOptions, 'channel'>;
}

/**
 * Marks and commits in one step: a provider that repeats its call after a crash finds it either taken or not. The
 * background loop of `node` starts the run; without a node nobody does.
 */
export async function commitInteractions<T extends { interactions: Interaction[] }>(
	store: Store,
	node: IntakeNode | undefined,
	now: Date,
	take: (store: Store) => Promise<T>,
): Promise<T> {
	if (!node) return take(store);
	const result = await store.exclusive([`intake:${nameOf(node)}`], async (tx) => {
		const found = await take(tx);
		const rows = found.interactions.map((one) => answerRow(one, node, now.getTime()));
		if (rows.length > 0) await tx.intake.put(rows);
		return found;
	});
	if (result.interactions.length > 0) wakeIntake(node);
	return result;
}

const taken = <T extends { interactions: Interaction[] }>(
	store: Store,
	{ node, options }: Intake,
	take: (store: Store) => Promise<T>,
): Promise<T> => commitInteractions(store, options.test ? undefined : node, options.now, take);

/** A provider's verified calls. */
export const commitCalls = async (
	store: Store,
	calls: readonly InboundCall[],
	intake: Intake,
): Promise<Interaction[]> =>
	(await taken(store, intake, (tx) => takeCalls(tx, calls, intake.options))).interactions;

/** The pressed button of a signed page. */
export async function commitLink(
	store: Store,
	form: { token: string; comment?: string },
	intake: Intake,
): Promise<{ view: LinkView; interactions: Interaction[] }> {
	return taken(store, intake, async (tx) => {
		const { view, interaction } = await takeLink(tx, form, intake.options);
		return { view, interactions: interaction ? [interaction] : [] };
	});
}
