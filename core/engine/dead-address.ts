import type { Store } from '../store/types';

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const same = (a: unknown, b: string): boolean =>
	typeof a === 'string' && a.trim().toLowerCase() === b.trim().toLowerCase();

export interface DeadAddress {
	user_id: string;
	channel: string;
	/** As the provider names them: addresses, device tokens. */
	addresses: readonly string[];
	/** The provider's own code. */
	code: string;
}

/**
 * Takes addresses that will never work again off their person's document: `bound: false` on the channel, `invalid: true`
 * on a device token. The next delivery takes the next channel; a document that is saved anew counts as it is. Returns
 * whether anything changed.
 */
export async function markDead(store: Store, dead: DeadAddress, now: number): Promise<boolean> {
	const at = new Date(now).toISOString();
	return store.exclusive([`preferences:${dead.user_id}`], async (tx) => {
		const [row] = await tx.preferences.get([dead.user_id]);
		const preferences = row?.document.notification_preferences;
		const part = isObject(preferences) ? preferences[dead.channel] : undefined;
		const next = isObject(part) ? without(part, dead, at) : undefined;
		if (!row || !isObject(preferences) || !next) return false;
		const document = {
			...row.document,
			notification_preferences: { ...preferences, [dead.channel]: next },
		};
		await tx.preferences.put([{ ...row, document, updated_at: at }]);
		await tx.audit.append([
			{
				at,
				actor: dead.channel,
				action: 'address_dead',
				subject: dead.user_id,
				details: { channel: dead.channel, code: dead.code },
			},
		]);
		return true;
	});
}

/** The channel's part without them; undefined where it names none of them. */
function without(part: Json, { addresses, code }: DeadAddress, at: string): Json | undefined {
	const isDead = (value: unknown): boolean => addresses.some((address) => same(value, address));
	const why = { code, at };
	if (Array.isArray(part.tokens)) {
		let found = false;
		const tokens = part.tokens.map((entry: unknown) => {
			const token = isObject(entry) ? entry.token : entry;
			if (!isDead(token) || (isObject(entry) && entry.invalid === true)) return entry;
			found = true;
			return { ...(isObject(entry) ? entry : { token }), invalid: true, invalid_reason: why };
		});
		if (found) return { ...part, tokens };
	}
	if (part.bound === false || !Object.values(part).some(isDead)) return undefined;
	return { ...part, bound: false, unbound_reason: why };
}
