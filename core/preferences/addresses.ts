/** Which field of a channel's document is its address, in the order in which they are looked at. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
	slack: ['userid', 'address'],
	email: ['address'],
	wecom: ['userid', 'address'],
	wechat: ['openid', 'address'],
	dingtalk: ['userid', 'address'],
	teams: ['aad_object_id', 'conversation_id', 'address'],
	feishu: ['open_id', 'union_id', 'user_id', 'email', 'chat_id', 'address'],
	sms: ['number', 'address'],
};

const MAIL = /^[^\s@<>]+@[^\s@<>]+$/;
/** E.164, with the spaces and dashes that people write. */
const PHONE = /^\+[1-9]\d{6,14}$/;

/**
 * The usable address in a channel's part of a preference document, as a text; undefined where it is missing, unbound
 * (`bound: false`) or unreadable (RP3). Any channel outside the table takes whatever its document names.
 */
export function usableAddress(
	channel: string,
	document: Readonly<Record<string, unknown>>,
): string | undefined {
	if (document.bound === false || document.unbound === true) return undefined;
	if (channel === 'in_app') return text(document.address) ?? 'in_app';
	if (channel === 'push') return pushToken(document);
	const value = (FIELDS[channel] ?? Object.keys(document))
		.map((field) => text(document[field]))
		.find((found) => found !== undefined);
	if (value === undefined) return undefined;
	if (channel === 'email') return MAIL.test(value) ? value : undefined;
	if (channel === 'sms') return PHONE.test(value.replace(/[\s().-]/g, '')) ? value : undefined;
	return value;
}

/** Whether a text can be written to as mail. */
export const isMail = (value: string): boolean => MAIL.test(value.trim());

function text(value: unknown): string | undefined {
	if (typeof value === 'number') return String(value);
	return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function pushToken(document: Readonly<Record<string, unknown>>): string | undefined {
	const tokens: unknown[] = Array.isArray(document.tokens) ? document.tokens : [];
	for (const entry of tokens) {
		// Reported dead by the provider.
		if ((entry as { invalid?: unknown } | null)?.invalid === true) continue;
		const token =
			typeof entry === 'object' && entry !== null
				? text((entry as Record<string, unknown>).token)
				: text(entry);
		if (token !== undefined) return token;
	}
	return text(document.address);
}
