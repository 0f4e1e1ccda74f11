import { isRecord, own, str, text } from '../read/paths';

/** A field of the template (text) or of a Table API record (`{value, display_value, link}`). */
export const sn = (row: unknown, name: string): string | undefined => {
	const cell = own(row, name);
	return isRecord(cell) ? text(cell, 'value', 'display_value') : str(cell);
};

/** The name that a person reads: `display_value`, a reference's `name`, or the plain text. */
export const shown = (row: unknown, name: string): string | undefined => {
	const cell = own(row, name);
	return isRecord(cell) ? text(cell, 'name', 'display_value', 'value') : str(cell);
};
