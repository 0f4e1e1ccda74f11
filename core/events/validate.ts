import type { z } from 'zod';

import { ItsmNotifyError } from '../errors';
import { deliverySchema, interactionSchema, type Delivery, type Interaction } from './delivery';
import { eventSchema, type NotificationEvent } from './model';

/** Parses with a schema; throws `code` naming the first field at fault and listing all of them. */
export function parseWith<T extends z.ZodType>(
	schema: T,
	value: unknown,
	what: string,
	code: string,
): z.output<T> {
	const result = schema.safeParse(value);
	if (result.success) return result.data;
	const issues = result.error.issues.flatMap((issue) => {
		const path = issue.path.map(String);
		// A field that is unknown is itself at fault, not what it stands in.
		if (issue.code === 'unrecognized_keys')
			return issue.keys.map((key) => ({
				field: [...path, key].join('.'),
				message: 'there is no such field',
			}));
		return [{ field: path.join('.') || '(the document)', message: issue.message }];
	});
	const first = issues[0];
	const rest =
		issues.length > 1
			? ` (and ${issues.length - 1} more: ${issues
					.slice(1, 5)
					.map((i) => i.field)
					.join(', ')})`
			: '';
	throw new ItsmNotifyError(code, `${what}: ${first.field}: ${first.message}${rest}`, {
		field: first.field,
		fix: `Correct ${first.field} in the ${what.toLowerCase()}.`,
		status: 400,
		details: { issues },
	});
}

export const parseEvent = (value: unknown): NotificationEvent =>
	parseWith(eventSchema, value, 'Event', 'invalid_event');
export const parseDelivery = (value: unknown): Delivery =>
	parseWith(deliverySchema, value, 'Delivery', 'invalid_delivery');
export const parseInteraction = (value: unknown): Interaction =>
	parseWith(interactionSchema, value, 'Interaction', 'invalid_interaction');
