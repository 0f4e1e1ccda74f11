import { header } from '../read/headers';
import { own, text } from '../read/paths';
import type { Source } from '../source';
import { alertDrafts, firstLink, type AlertDialect } from './alerts';

const dialect: AlertDialect = {
	id: 'grafana',
	// For a broken data source the rule's real name moves to another label.
	name: ({ labels, body }) =>
		/^Datasource(Error|NoData)$/i.test(text(labels, 'alertname') ?? '')
			? text(labels, 'rulename', 'alertname')
			: (text(labels, 'alertname') ?? text(body, 'title')),
	url: ({ alert, body }) =>
		firstLink(
			...['panelURL', 'dashboardURL', 'generatorURL'].map((key) => text(alert, key)),
			text(body, 'externalURL'),
		),
	group: (labels) => text(labels, 'grafana_folder', 'team'),
};

/** Grafana alerting, contact point "Webhook": Alertmanager's body with `orgId` and `state`. */
export const grafana: Source = {
	id: 'grafana',
	detect: ({ body, headers }) =>
		header(headers, 'x-grafana-alerting-signature') !== undefined ||
		(Array.isArray(own(body, 'alerts')) &&
			(own(body, 'orgId') !== undefined || own(body, 'state') !== undefined)),
	toDrafts: ({ body }) => alertDrafts(dialect, body),
};
