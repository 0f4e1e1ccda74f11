import type { Source } from '../source';
import type { SourceId } from '../source-ids';
import { alertmanager } from './alertmanager';
import { bmcHelix } from './bmc-helix';
import { freshservice } from './freshservice';
import { generic } from './generic';
import { glpi } from './glpi';
import { grafana } from './grafana';
import { itop } from './itop';
import { jira } from './jira';
import { manageEngine } from './manage-engine';
import { opsgenie } from './opsgenie';
import { pagerDuty } from './pager-duty';
import { requestTracker } from './request-tracker';
import { serviceNow } from './service-now';
import { zabbix } from './zabbix';
import { zammad } from './zammad';
import { zendesk } from './zendesk';
import { znuny } from './znuny';

export const SOURCES: Record<SourceId, Source> = {
	generic,
	serviceNow,
	jira,
	zendesk,
	freshservice,
	manageEngine,
	bmcHelix,
	glpi,
	zammad,
	itop,
	requestTracker,
	znuny,
	pagerDuty,
	opsgenie,
	alertmanager,
	zabbix,
	grafana,
};

/** The order of "auto", most certain first. An event document is one whatever its `source` member says. */
export const BY_SHAPE: readonly Source[] = [
	pagerDuty,
	zendesk,
	jira,
	glpi,
	zammad,
	grafana,
	alertmanager,
	opsgenie,
	freshservice,
	znuny,
	serviceNow,
	zabbix,
	generic,
];

/** Asked after the `source` member: shapes that are likely, not certain. */
export const BY_LIKENESS: readonly Source[] = [requestTracker, bmcHelix, manageEngine, itop];
