/** All words that messages use for codes, in both languages, in one place. */

export interface Labels {
	event_types: Record<string, string>;
	priorities: Record<string, string>;
	statuses: Record<string, string>;
	roles: Record<string, string>;
	/** Names of ticket fields, for "what changed". */
	fields: Record<string, string>;
	/** A priority as part of a sentence; `#` is its label. */
	priority_phrase: string;
	unassigned: string;
	untitled: string;
	/** Put before a ticket's own text where there is no template for the purpose itself. */
	escalation_line: string;
	reminder_line: string;
}

const en: Labels = {
	event_types: {
		security_alert: 'Security alert',
		system_failure: 'System failure',
		ticket_created: 'New ticket',
		ticket_reopened: 'Reopened',
		ticket_closed: 'Closed',
		ticket_resolved: 'Resolved',
		sla_breached: 'SLA breached',
		sla_breaching: 'SLA at risk',
		ticket_escalated: 'Escalated',
		approval_requested: 'Approval requested',
		change_scheduled: 'Change scheduled',
		ticket_assigned: 'Assigned',
		ticket_comment: 'Comment',
		status_update: 'Status changed',
		ticket_updated: 'Updated',
	},
	priorities: { Critical: 'Critical', High: 'High', Medium: 'Medium', Low: 'Low' },
	statuses: {
		new: 'New',
		assigned: 'Assigned',
		in_progress: 'In progress',
		pending: 'Pending',
		resolved: 'Resolved',
		closed: 'Closed',
	},
	roles: {
		assignee: 'Assignee',
		requester: 'Requester',
		watcher: 'Watcher',
		manager: 'Manager',
		approver: 'Approver',
		group: 'Group member',
		operator: 'Operator',
		target: 'Recipient',
	},
	fields: {
		priority: 'Priority',
		status: 'Status',
		assignee: 'Assignee',
		group: 'Group',
		requester: 'Requester',
		title: 'Title',
		description: 'Description',
		category: 'Category',
		due: 'Due',
		sla_deadline: 'SLA deadline',
		impact: 'Impact',
		urgency: 'Urgency',
		comment: 'Comment',
	},
	priority_phrase: '# priority',
	unassigned: 'Unassigned',
	untitled: '(no title)',
	escalation_line: 'Not acknowledged yet, so it now comes to you.',
	reminder_line: 'Reminder: acknowledged, no progress since.',
};

const zh: Labels = {
	event_types: {
		security_alert: '安全告警',
		system_failure: '系统故障',
		ticket_created: '新建工单',
		ticket_reopened: '重新打开',
		ticket_closed: '已关闭',
		ticket_resolved: '已解决',
		sla_breached: 'SLA 超时',
		sla_breaching: 'SLA 即将超时',
		ticket_escalated: '工单升级',
		approval_requested: '待审批',
		change_scheduled: '变更计划',
		ticket_assigned: '工单分配',
		ticket_comment: '新评论',
		status_update: '状态变更',
		ticket_updated: '工单更新',
	},
	priorities: { Critical: '紧急', High: '高', Medium: '中', Low: '低' },
	statuses: {
		new: '新建',
		assigned: '已分配',
		in_progress: '处理中',
		pending: '挂起',
		resolved: '已解决',
		closed: '已关闭',
	},
	roles: {
		assignee: '处理人',
		requester: '提交人',
		watcher: '关注人',
		manager: '主管',
		approver: '审批人',
		group: '组员',
		operator: '运维人员',
		target: '接收人',
	},
	fields: {
		priority: '优先级',
		status: '状态',
		assignee: '处理人',
		group: '处理组',
		requester: '提交人',
		title: '标题',
		description: '描述',
		category: '分类',
		due: '截止时间',
		sla_deadline: 'SLA 截止时间',
		impact: '影响范围',
		urgency: '紧急度',
		comment: '评论',
	},
	priority_phrase: '#优先级',
	unassigned: '未分配',
	untitled: '（无标题）',
	escalation_line: '至今无人确认，现升级给您。',
	reminder_line: '跟进提醒：确认后一直没有进展。',
};

export const labels = { en, zh } as const;

/** The words of a language: Chinese for `zh…`, else English. */
export const labelsFor = (language: string): Labels => (/^zh\b/i.test(language) ? zh : en);

/** A code's word, any case; an unknown code in readable form (`on_hold` -> `on hold`). */
export function labelOf(table: Record<string, string>, code: string): string {
	if (Object.hasOwn(table, code)) return table[code];
	const lower = code.toLowerCase();
	const key = Object.keys(table).find((candidate) => candidate.toLowerCase() === lower);
	return key ? table[key] : code.replaceAll('_', ' ');
}
