import { policyIdOf, policyReader } from '../../core/engine';
import { caught } from '../../core/errors';
import { parsePolicy, type Policy } from '../../core/preferences';
import type { Store } from '../../core/store';

export interface RunPolicy {
	policy: Policy;
	/** Set where the node's own settings differ from the store's policy: it travels with what is held. */
	policyId: string | null;
	/** Why the node's own settings were not used. */
	invalid?: string;
}

type Sections = Record<string, Record<string, unknown>>;

/** The store's policy with a node's own settings over single fields; broken settings let the run go on without them. */
export async function runPolicy(store: Store, overrides: Sections, now: Date): Promise<RunPolicy> {
	const current = await policyReader(store)(null);
	const set = Object.fromEntries(
		Object.entries(overrides).filter(([, section]) => Object.keys(section).length > 0),
	);
	if (Object.keys(set).length === 0) return { policy: current, policyId: null };
	const document: Record<string, unknown> = { ...current };
	for (const [name, section] of Object.entries(set)) {
		document[name] = { ...(document[name] as Record<string, unknown>), ...section };
	}
	const read = caught(() => parsePolicy(document));
	if (!read.ok) return { policy: current, policyId: null, invalid: read.error.message };
	const policyId = policyIdOf(document);
	await store.policies.keep(policyId, document, now.toISOString());
	return { policy: read.value, policyId };
}
