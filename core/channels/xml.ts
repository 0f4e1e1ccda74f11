import { XMLParser } from 'fast-xml-parser';

import { ItsmNotifyError } from '../errors';
import { isObject } from './text';

const refuse = (why: string): never => {
	throw new ItsmNotifyError('invalid_xml', `The XML cannot be read: ${why}.`, { status: 400 });
};

/** Deeper than any callback nests. */
const DEPTH = 20;

/** Texts stay texts (an id of twenty digits is no number) and entities stay as they stand: what people write comes as CDATA. */
const parser = new XMLParser({
	ignoreAttributes: true,
	ignoreDeclaration: true,
	ignorePiTags: true,
	parseTagValue: false,
	trimValues: true,
	processEntities: false,
	htmlEntities: false,
	maxNestedTags: DEPTH,
});

/**
 * A provider's XML as an object: `<xml><A>b</A></xml>` → `{xml: {A: 'b'}}`; every value is a text, an object, or a
 * list where a name is repeated. Throws ItsmNotifyError `invalid_xml` (400), also for any DTD.
 */
export function readXml(text: string): Record<string, unknown> {
	if (/<!\s*(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)/i.test(outsideCdata(text)))
		return refuse('it has a DTD');
	let read: unknown;
	try {
		read = parser.parse(text, true);
	} catch {
		return refuse('it is not well-formed');
	}
	return isObject(read) && Object.keys(read).length > 0 ? read : refuse('it is empty');
}

const outsideCdata = (text: string): string => text.replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, '');
