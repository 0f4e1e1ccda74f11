import { convert } from 'html-to-text';
import { extractFromPlain } from 'planer';

import { clean } from '../text';

/** The line above which one answers: written into mails whose answers are read, found again in those answers. */
export const MARKERS = { en: 'Reply above this line', zh: '回复请写在此行上方' } as const;

/** The marker line in the reader's language. */
export const markerLine = (language: string | null | undefined): string =>
	`————  ${language?.toLowerCase().startsWith('zh') ? MARKERS.zh : MARKERS.en}  ————`;

/** Nobody's answer is longer; what is cut can only be quotes, and no pattern has to look at more. */
const TEXT_MAX = 20_000;
const LINES_MAX = 400;
const LINE_MAX = 500;
const LIBRARY_MAX = 3000;

/** Where HTML said that the earlier mail begins. */
const CUT = '\ue000';

const MARKER = new RegExp(`^[\\s>|*_—–-]*(?:${MARKERS.en}|${MARKERS.zh})[\\s*_—–-]*$`, 'i');

/** Lines at which the earlier mail begins (facts/channels.md §7.3), beside those that the library knows. */
const BEGINNINGS = [
	MARKER,
	new RegExp(CUT),
	/^\s*>/,
	/^On\b.{4,300}\bwrote:?$/i,
	/^[-—]{2,}\s*(?:Original Message|Forwarded message|原始邮件|邮件原件|原始郵件|转发邮件|原邮件|Ursprüngliche Nachricht|Message d'origine|Mensaje original|元のメッセージ|원본 메시지)\s*[-—]{2,}$/i,
	/^\*{0,2}(?:From|发件人|寄件者|寄件人|Von|De|Da|Van|Från|Fra|От|差出人|보낸 사람)\*{0,2}\s?[:：]/i,
	/^.{0,200}(?:写道|寫道|來信|来信)\s*[:：]$/,
	/^.{4,200}(?<!\p{L})(?:schrieb|schreef|a écrit|escribió|ha scritto|escreveu|skrev|napisał(?:\(a\))?)(?!\p{L}).{0,200}[:：]$/iu,
	/^20\d\d[年/.-].{0,200}(?:<[^<>\s]+@[^<>\s]+>|のメッセージ|작성)\s*[:：]?$/,
	/^_{20,}$/,
];

/** Lines at which a signature begins. */
const SIGNATURES = [
	/^--\s?$/,
	/^(?:Sent from my|Get Outlook for|Von meinem .{1,40} gesendet|Gesendet von|Envoyé (?:de|depuis|à partir de)|Enviado desde|发自我的|從我的|来自我的|发送自|傳送自|iPhoneから送信)/i,
];

/** A header such as "On … wrote:" that a mail program has broken over two lines, as one. */
const joined = (lines: string[], at: number): string =>
	`${lines[at].trim()} ${lines[at + 1]?.trim() ?? ''}`.trim();

function beginsQuote(lines: string[], at: number): boolean {
	const line = lines[at].trim();
	if (BEGINNINGS.some((pattern) => pattern.test(line))) return true;
	if (!line || !/^(?:On|Am|Le|El|Il|Op|Den|Em|在|于|於)/.test(line)) return false;
	const both = joined(lines, at);
	return BEGINNINGS.some((pattern) => pattern.test(both));
}

/**
 * What somebody wrote themselves: an answer without the mail that it quotes and without signature, above the quote or,
 * where nothing stands there, below it. Empty where they wrote nothing.
 */
export function withoutQuote(text: string): string {
	const lines = clean(text)
		.slice(0, TEXT_MAX)
		.split('\n', LINES_MAX)
		.map((line) => line.slice(0, LINE_MAX).trimEnd());
	return above(lines) || above(below(lines));
}

function above(lines: string[]): string {
	const quote = lines.findIndex((_line, at) => beginsQuote(lines, at));
	const own = byLibrary((quote < 0 ? lines : lines.slice(0, quote)).join('\n')).split('\n');
	const signature = own.findIndex((line) =>
		SIGNATURES.some((pattern) => pattern.test(line.trim())),
	);
	return (signature < 0 ? own : own.slice(0, signature)).join('\n').trim();
}

/** The lines behind the first block of `>` lines. */
function below(lines: string[]): string[] {
	const first = lines.findIndex((line) => line.startsWith('>'));
	if (first < 0) return [];
	const length = lines.slice(first).findIndex((line) => line !== '' && !line.startsWith('>'));
	return length < 0 ? [] : lines.slice(first + length);
}

/** Its patterns take a second for hostile texts of some length; a command is short. */
const byLibrary = (text: string): string =>
	text.length > LIBRARY_MAX ? text : extractFromPlain(text);

const skip = (selector: string): { selector: string; format: string } => ({
	selector,
	format: 'skip',
});

/** An HTML answer as text, the quoted parts of the usual mail programs left out; `withoutQuote` does the rest. */
export function htmlWithoutQuote(html: string): string {
	return convert(html, {
		wordwrap: false,
		limits: { maxInputLength: 500_000, maxDepth: 60, maxChildNodes: 2000 },
		formatters: {
			cut: (_element, _walk, builder) => {
				builder.openBlock({ leadingLineBreaks: 1 });
				builder.addInline(CUT);
				builder.closeBlock({ trailingLineBreaks: 1 });
			},
		},
		selectors: [
			...[
				'blockquote',
				'.gmail_quote',
				'.gmail_attr',
				'.yahoo_quoted',
				'.moz-cite-prefix',
				'img',
			].map(skip),
			// Outlook: everything below is the earlier mail.
			{ selector: '#divRplyFwdMsg', format: 'cut' },
			{ selector: '#appendonsend', format: 'cut' },
			{ selector: 'a', options: { ignoreHref: true } },
		],
	});
}
