import type { ButtonAction } from './actions';

/** What buttons, pages and answers say. `{n}` is the ticket's number, `{who}` a person, `{s}` a status, `{w}` a reply word. */
export interface ActionWords {
	buttons: Record<ButtonAction, string>;
	comment_label: string;
	reply_hint: string;
	acknowledged_by: string;
	/** On a message that was changed: how the ticket is now. */
	now: string;
	answers: Record<string, string>;
	statuses: Record<string, string>;
	page: Record<string, string>;
}

const en: ActionWords = {
	buttons: {
		acknowledge: 'Acknowledge',
		resolve: 'Resolve',
		escalate: 'Escalate',
		comment: 'Add comment',
	},
	comment_label: 'Your comment',
	reply_hint: 'Reply "{w}" to acknowledge.',
	acknowledged_by: 'Acknowledged by {who}',
	now: 'Now {s}',
	answers: {
		acknowledge: 'Ticket {n} is acknowledged.',
		resolve: 'Ticket {n} is marked as resolved.',
		escalate: 'Ticket {n} is escalated.',
		comment: 'Your comment is on ticket {n}.',
		status: 'Ticket {n}: {s}, assigned to {who}. {title}',
		mute: 'You hear no more of ticket {n} until {until}.',
		mute_all: 'You are not disturbed until {until}.',
		unmute: 'You hear of ticket {n} again.',
		unmute_all: 'Messages reach you again.',
		unchanged: 'Ticket {n} was already like that: {s}, {who}.',
		conflict: 'Ticket {n} has changed meanwhile: it is {s}, assigned to {who}. Nothing was done.',
		conflict_first: '{who} was first: ticket {n} is theirs. Nothing was done.',
		pending:
			'The ticket system does not answer. Your answer to ticket {n} is kept and applied as soon as it is back.',
		failed: 'Ticket {n} was not changed: {why}',
		not_your_ticket: 'Ticket {n} is none of yours, so nothing was done.',
		role_not_permitted: 'Your role does not allow this on ticket {n}.',
		status_not_permitted: 'This is not possible on ticket {n} now: it is {s}.',
		unknown_ticket: 'There is no ticket "{n}" among those that you were told of.',
		which_ticket: 'Which ticket? You have several: {list}. Write, for example: {w}',
		no_ticket: 'You have no open ticket here.',
		needs_text:
			'What should the comment say? Write, for example: comment {n} The printer works again',
		needs_until: 'Until when? Write, for example: mute {n} until 18:00, or mute {n} for 2h',
		unknown: 'That was not understood. {help}',
		unknown_person:
			'You are not known here. Ask your service desk to add this account to your preferences.',
		token_expired: 'This button is too old. Answer with a newer message, or in the ticket system.',
		token_wrong: 'This button is not valid.',
		help: 'You can write: ack, resolve, escalate, comment, status, mute, each with a ticket number, such as: ack {n}',
	},
	statuses: {
		new: 'new',
		assigned: 'assigned',
		in_progress: 'in progress',
		pending: 'pending',
		resolved: 'resolved',
		closed: 'closed',
		unknown: 'of unknown status',
		nobody: 'nobody',
	},
	page: {
		title: 'Ticket {n}',
		question: 'What do you want to do?',
		confirm: 'Do this',
		cancel: 'Nothing happens until you press the button.',
		done: 'Thank you. Your answer has been taken; the result comes as a message.',
		used: 'This link has been used already. Nothing was done now.',
		expired: 'This link is too old. Answer with a newer message, or in the ticket system.',
		wrong: 'This link is not valid. Perhaps it was cut when it was copied.',
		open: 'Open the ticket',
		needs_text: 'Please write something first.',
	},
};

const zh: ActionWords = {
	buttons: { acknowledge: '确认接收', resolve: '标记解决', escalate: '升级', comment: '添加评论' },
	comment_label: '评论内容',
	reply_hint: '回复“{w}”即可确认接收。',
	acknowledged_by: '{who} 已确认接收',
	now: '当前状态：{s}',
	answers: {
		acknowledge: '工单 {n} 已确认接收',
		resolve: '工单 {n} 已标记为解决',
		escalate: '工单 {n} 已升级',
		comment: '评论已添加到工单 {n}',
		status: '工单 {n}：{s}，处理人 {who}。{title}',
		mute: '在 {until} 之前，您不会再收到工单 {n} 的通知',
		mute_all: '在 {until} 之前，不会打扰您',
		unmute: '已恢复接收工单 {n} 的通知',
		unmute_all: '已恢复接收通知',
		unchanged: '工单 {n} 已经是这样：{s}，{who}',
		conflict: '工单 {n} 期间已有变化：当前{s}，处理人 {who}。未执行任何操作',
		conflict_first: '{who} 先处理了工单 {n}。未执行任何操作',
		pending: '工单系统暂无响应。您对工单 {n} 的操作已保存，恢复后自动执行',
		failed: '工单 {n} 未变更：{why}',
		not_your_ticket: '工单 {n} 与您无关，未执行任何操作',
		role_not_permitted: '您的角色无权对工单 {n} 执行此操作',
		status_not_permitted: '工单 {n} 当前{s}，不能执行此操作',
		unknown_ticket: '在通知过您的工单中没有“{n}”',
		which_ticket: '您有多个工单：{list}。请写明编号，例如：{w}',
		no_ticket: '您在这里没有未完成的工单',
		needs_text: '请写明评论内容，例如：评论 {n} 打印机已恢复',
		needs_until: '请写明时间，例如：静音 {n} 至 18:00，或 静音 {n} 2小时',
		unknown: '无法识别的命令。{help}',
		unknown_person: '未找到您的账号。请联系服务台，将此账号加入通知偏好',
		token_expired: '该按钮已过期，请使用较新的消息，或到工单系统中操作',
		token_wrong: '该按钮无效',
		help: '可用命令：确认、解决、升级、评论、状态、静音，后接工单号，例如：确认 {n}',
	},
	statuses: {
		new: '新建',
		assigned: '已分配',
		in_progress: '处理中',
		pending: '挂起',
		resolved: '已解决',
		closed: '已关闭',
		unknown: '状态未知',
		nobody: '未分配',
	},
	page: {
		title: '工单 {n}',
		question: '请选择操作',
		confirm: '确定',
		cancel: '按下按钮之前不会执行任何操作。',
		done: '谢谢，已收到您的操作，结果将以消息通知。',
		used: '该链接已使用过，未再次执行。',
		expired: '该链接已过期，请使用较新的消息，或到工单系统中操作。',
		wrong: '该链接无效，可能在复制时不完整。',
		open: '打开工单',
		needs_text: '请先填写内容。',
	},
};

/** The words of a reader's language; English where it is neither Chinese nor known. */
export const wordsFor = (language: string | null | undefined): ActionWords =>
	/^zh\b/i.test(language ?? '') ? zh : en;

/** Fills `{name}` places; a value is taken as it is, a missing one is left empty. */
export const fill = (text: string, values: Readonly<Record<string, string | undefined>>): string =>
	text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '').trim();
