import { cardParts } from './parts';

export const { fields, document, description } = cardParts({
	language: 'zh-CN',
	open: '打开工单',
	priority: '优先级',
	status: '状态',
	assignee: '处理人',
	group: '处理组',
	requester: '提交人',
	due: '截止时间',
	services: '受影响服务',
	cis: '相关配置项',
	dueValue: '{{date ticket.due "short"}}（{{relative ticket.due}}）',
});
