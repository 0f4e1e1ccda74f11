export { isUrgent, score } from './priority';
export type { Factor, Score } from './priority';
export { BASE_SCORES, ROLE_FACTORS, TIME_TABLE } from './tables';
export type { PriorityRules, TimeLine, UrgencyRules } from './tables';
