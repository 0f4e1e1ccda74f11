const NAMED = new Map(
	Object.entries({
		amp: '&',
		lt: '<',
		gt: '>',
		quot: '"',
		apos: "'",
		nbsp: ' ',
		ensp: ' ',
		emsp: ' ',
		thinsp: ' ',
		hellip: '…',
		mdash: '—',
		ndash: '–',
		lsquo: '‘',
		rsquo: '’',
		ldquo: '“',
		rdquo: '”',
		sbquo: '‚',
		bdquo: '„',
		laquo: '«',
		raquo: '»',
		bull: '•',
		middot: '·',
		deg: '°',
		copy: '©',
		reg: '®',
		trade: '™',
		euro: '€',
		pound: '£',
		yen: '¥',
		sect: '§',
		para: '¶',
		times: '×',
		divide: '÷',
		plusmn: '±',
		micro: 'µ',
		rarr: '→',
		larr: '←',
		auml: 'ä',
		ouml: 'ö',
		uuml: 'ü',
		Auml: 'Ä',
		Ouml: 'Ö',
		Uuml: 'Ü',
		szlig: 'ß',
		eacute: 'é',
		egrave: 'è',
		ecirc: 'ê',
		euml: 'ë',
		aacute: 'á',
		agrave: 'à',
		acirc: 'â',
		aring: 'å',
		Aring: 'Å',
		atilde: 'ã',
		aelig: 'æ',
		AElig: 'Æ',
		oacute: 'ó',
		ograve: 'ò',
		ocirc: 'ô',
		otilde: 'õ',
		oslash: 'ø',
		Oslash: 'Ø',
		uacute: 'ú',
		ugrave: 'ù',
		ucirc: 'û',
		iacute: 'í',
		igrave: 'ì',
		icirc: 'î',
		iuml: 'ï',
		ccedil: 'ç',
		Ccedil: 'Ç',
		ntilde: 'ñ',
		Ntilde: 'Ñ',
		Eacute: 'É',
		Agrave: 'À',
		iexcl: '¡',
		iquest: '¿',
	}),
);

function numeric(digits: string, base: number): string | undefined {
	const point = Number.parseInt(digits, base);
	const valid = point > 0 && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
	return valid ? String.fromCodePoint(point) : undefined;
}

/** Decodes HTML entities once: `&amp;lt;` becomes `&lt;`. Unknown ones stay as they are. */
export const decodeEntities = (value: string): string =>
	value.includes('&')
		? value.replace(
				/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,8}));/gi,
				(whole, hex, decimal, name) => {
					if (hex) return numeric(hex as string, 16) ?? whole;
					if (decimal) return numeric(decimal as string, 10) ?? whole;
					return NAMED.get(name as string) ?? whole;
				},
			)
		: value;
