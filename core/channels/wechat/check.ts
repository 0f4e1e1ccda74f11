import { ItsmNotifyError } from '../../errors';
import { isObject, textIn, type Json } from '../text';
import { readMapping } from './mapping';

/** Throws ItsmNotifyError `invalid_payload` naming what WeChat would refuse; what the mapping makes is checked at sending. */
export function check(payload: Json): void {
	const { template_data: data, miniprogram } = payload;
	if (!isObject(data) || Object.keys(data).length === 0) refuse('template_data', 'is empty');
	else
		for (const [name, value] of Object.entries(data))
			if (typeof value !== 'string') refuse(`template_data.${name}`, 'is no text');
	if (miniprogram !== undefined && !(isObject(miniprogram) && textIn(miniprogram, 'appid')))
		refuse('miniprogram.appid', 'is missing');
	try {
		readMapping(payload.template_mapping);
	} catch (error) {
		refuse(
			'template_mapping',
			error instanceof Error ? `cannot be used: ${error.message}` : 'cannot be used',
		);
	}
}

function refuse(field: string, why: string): never {
	throw new ItsmNotifyError(
		'invalid_payload',
		`WeChat would refuse the message: ${field} ${why}.`,
		{ field },
	);
}
