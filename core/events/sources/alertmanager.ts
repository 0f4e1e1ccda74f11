import { own, text } from '../read/paths';
import type { Source } from '../source';
import { alertDrafts, firstLink, type AlertDialect } from './alerts';

const dialect: AlertDialect = {
	id: 'alertmanager',
	name: ({ labels }) => text(labels, 'alertname'),
	url: ({ alert, body }) => firstLink(text(alert, 'generatorURL'), text(body, 'externalURL')),
	group: (labels) => text(labels, 'team'),
};

/** Prometheus Alertmanager, webhook version 4: one event per alert of the group. */
export const alertmanager: Source = {
	id: 'alertmanager',
	detect: ({ body }) => Array.isArray(own(body, 'alerts')) && own(body, 'groupKey') !== undefined,
	toDrafts: ({ body }) => alertDrafts(dialect, body),
};
