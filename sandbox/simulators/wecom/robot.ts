import { randomBytes } from 'node:crypto';

import { checkContent, ROBOT_RULES } from './content.ts';
import { refuse } from './directory.ts';
import type { Json } from './directory.ts';
import type { WeComState } from './state.ts';

/** A group robot: no token, no id back, 20 messages a minute. */
export function sendByRobot(state: WeComState, key: string | null, body: Json): Json {
	const group = key === null ? undefined : state.config.robots?.[key];
	if (group === undefined) refuse(93000, 'invalid webhook url');
	checkContent(body, ROBOT_RULES);
	if (state.robotWait(key!) > 0) refuse(45009, 'api freq out of limit');
	state.record('post', `robot-${randomBytes(8).toString('hex')}`, [group], body);
	return { errcode: 0, errmsg: 'ok' };
}
