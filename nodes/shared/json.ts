import { ItsmNotifyError, messageOf } from '../../core/errors';

/** A JSON parameter's value; throws `invalid_json` naming the field as the editor shows it. */
export function readJson(given: unknown, field: string): unknown {
	if (typeof given !== 'string') return given;
	if (given.trim() === '') return [];
	let why: string;
	try {
		return JSON.parse(given);
	} catch (error) {
		why = messageOf(error);
	}
	throw new ItsmNotifyError('invalid_json', `"${field}" is not JSON: ${why}`, {
		field,
		fix: `Write "${field}" as a JSON document, or as an array of documents.`,
	});
}
