export { usableAddress } from './addresses';
export { CATEGORIES, categoriesOf, wants } from './categories';
export type { CategoryLevel, Wanted } from './categories';
export { parsePreference } from './document';
export type { PreferenceDocument, PreferenceLevel } from './document';
export { fromFlatRows } from './flat-rows';
export type { FlatRowError, FlatRows } from './flat-rows';
export {
	matchesAll,
	matchesEverything,
	matcherTexts,
	parseMatcher,
	parseMatchers,
	textAt,
} from './matchers';
export type { Matcher } from './matchers';
export { effective } from './merge';
export type { EffectiveChannel, EffectivePreference } from './merge';
export { parsePolicy, policySchema } from './policy';
export type { Policy } from './policy';
export { resolveEvents } from './resolve';
export type {
	NoRoute,
	NoRouteReason,
	ResolveOptions,
	ResolveResult,
	ResolveWarning,
} from './resolve';
export { RECIPIENTS, ROLES } from './roles';
export type { Role } from './roles';
