/** How loud a card looks; each channel has its own colours and marks for it. */
export type Severity = 'critical' | 'high' | 'normal' | 'success' | 'info';

export interface CardField {
	label: string;
	value: string;
	/** May stand beside another one. */
	short?: boolean;
}

export interface CardLink {
	label: string;
	url: string;
}

/** With `value` it is pressed and calls back; with `url` it opens a page; a channel draws what it can and leaves out the rest. */
export interface CardButton {
	/** `acknowledge`, `resolve`, `escalate`, `comment`, or `open` for a link. */
	action: string;
	label: string;
	style?: 'primary' | 'danger' | 'default';
	/** Signed token (up to 400 characters) that comes back when it is pressed; absent on links. */
	value?: string;
	/** Signed page where pressing is not possible. */
	url?: string;
	/** The person types something first (a comment), where the channel has inputs. */
	input?: { name: string; label: string };
}

/** One ticket line of a digest card. */
export interface CardEntry {
	title: string;
	text?: string;
	url?: string;
	severity?: Severity;
}

/** The neutral card: a template is written once, every channel draws it in its own form. All texts are plain, unescaped. */
export interface Card {
	severity: Severity;
	title: string;
	/** One line above the fields; also the notification preview. */
	text?: string;
	fields: CardField[];
	/** Longer text (description, comment), cut first when space runs out. */
	body?: string;
	entries?: CardEntry[];
	/** How many more entries there are than shown: the true total stays visible. */
	more?: { label: string; count: number; url?: string };
	links: CardLink[];
	buttons: CardButton[];
	footer?: string;
	/** BCP 47 of the texts. */
	language: string;
	/** Stable words for threading and updates: ticket key, number. */
	ticket?: { key: string; id: string; number?: string; url?: string };
}
