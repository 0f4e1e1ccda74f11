/** The keys that a preference document is found by; one list for every backend. */
export function preferenceKeys(document: Record<string, unknown>): string[] {
	const keys = new Set<string>();
	const add = (kind: string, value: unknown): void => {
		if (typeof value === 'number') value = String(value);
		if (typeof value === 'string' && value.trim() !== '')
			keys.add(`${kind}:${value.trim().toLowerCase()}`);
	};
	add('user', document.user_id);
	add('username', document.username);
	const preferences = document.notification_preferences;
	if (isObject(preferences)) {
		for (const part of Object.values(preferences)) {
			if (!isObject(part)) continue;
			for (const name of ['address', 'userid', 'openid', 'open_id', 'number', 'aad_object_id'])
				add('address', part[name]);
		}
	}
	const identities = document.identities;
	if (isObject(identities))
		for (const [source, id] of Object.entries(identities))
			add(`identity:${source.toLowerCase()}`, id);
	if (Array.isArray(document.groups)) for (const group of document.groups) add('group', group);
	return [...keys];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);
