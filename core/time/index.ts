export { durationMs, parseDuration } from './duration';
export { instantMs, readInstant } from './instant';
export { nextDaily, parseBatchTimes, readBatchTimes } from './daily';
export { localDate, openAt, scheduleProblem, validateSchedule, WEEKDAYS } from './schedule';
export type {
	OpenReason,
	OpenState,
	Schedule,
	ScheduleProblem,
	Weekday,
	WeekHours,
} from './schedule';
export { checkZone, refusedZone, resolveZone, validZone } from './zone';
export type { ResolvedZone, ZoneWarning } from './zone';
