import { ItsmNotifyError } from '../../errors';
import { cut } from '../cut';
import { isObject, oneLine, textIn, type Json } from '../text';
import type { SendContext } from '../types';
import { PARTS } from './card';
import { SMS } from './limits';

/**
 * What a provider's fixed template is filled with, in order, by the credential's `templateParams`: `name=part` or `part`,
 * separated by commas. A document's own `params` beat it. Throws `invalid_credential` for an unknown part.
 */
export function parametersOf(
	payload: Json,
	{ credential, delivery }: SendContext,
): Array<[name: string, value: string]> {
	const max = Number(credential.paramLength ?? SMS.param) || SMS.param;
	// An empty value is refused by both providers.
	const fit = (value: unknown): string => cut(oneLine(String(value ?? '')), max) || '-';
	if (isObject(payload.params))
		return Object.entries(payload.params).map(([name, value]) => [name, fit(value)]);
	const parts = isObject(payload.parts) ? payload.parts : {};
	const { content } = delivery.event;
	const known: Json = {
		...parts,
		title: textIn(parts, 'title') ?? content.ticket_title,
		number: textIn(parts, 'number') ?? content.number ?? content.ticket_id,
		priority: textIn(parts, 'priority') ?? content.priority,
		status: textIn(parts, 'status') ?? content.status,
		url: textIn(parts, 'url') ?? content.url,
	};
	return (textIn(credential, 'templateParams') ?? '')
		.split(/[,\n]/)
		.map((line) => line.trim())
		.filter(Boolean)
		.map((line) => {
			const at = line.indexOf('=');
			const name = (at < 0 ? line : line.slice(0, at)).trim();
			const part = (at < 0 ? line : line.slice(at + 1)).trim();
			if (!(PARTS as readonly string[]).includes(part)) {
				throw new ItsmNotifyError(
					'invalid_credential',
					`Template Parameters of the SMS credential names "${part}", which is none of ${PARTS.join(', ')}.`,
					{ field: 'templateParams' },
				);
			}
			return [name, fit(known[part])] as [string, string];
		});
}
