import { XMLParser, XMLValidator } from 'fast-xml-parser';

import { ItsmNotifyError } from '../errors';

/** Every value stays text, and no entity is ever expanded: what a provider sends stands in CDATA or is plain. */
const parser = new XMLParser({
	ignoreAttributes: true,
	ignoreDeclaration: true,
	ignorePiTags: true,
	parseTagValue: false,
	processEntities: false,
	trimValues: true,
});

/** An XML document as `{root: {…}}`, all leaves text. Throws ItsmNotifyError `invalid_xml`, also for any DTD. */
export function readXml(text: string): Record<string, unknown> {
	// A DTD can only be an attack here.
	if (/<!(?:DOCTYPE|ENTITY)/i.test(text) || XMLValidator.validate(text) !== true) throw invalid();
	try {
		return parser.parse(text) as Record<string, unknown>;
	} catch {
		throw invalid();
	}
}

const invalid = (): ItsmNotifyError =>
	new ItsmNotifyError('invalid_xml', 'The body is no XML that can be read.', { status: 400 });
