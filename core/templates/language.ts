/** `zh_CN`, `ZH-cn` -> `zh-cn`: tags are compared without regard to case. */
export const normalTag = (tag: string | null | undefined): string =>
	(tag ?? '').trim().replaceAll('_', '-').toLowerCase();

export const baseOf = (tag: string): string => normalTag(tag).split('-')[0];

/**
 * The language in which labels and dates of a message are told: the template's, so that a message
 * speaks one language; the reader's own variant of it (en-GB) where they share the base.
 */
export function messageLanguage(
	template: string | undefined,
	reader: string | null | undefined,
	fallback: string | undefined,
): string {
	const own = (reader ?? '').trim().replaceAll('_', '-');
	if (!template) return own || fallback || 'en';
	return own && baseOf(own) === baseOf(template) ? own : template;
}
