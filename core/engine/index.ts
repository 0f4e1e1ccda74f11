export { explain, type Explanation } from './explain';
export { acknowledge, startChains } from './chains';
export {
	deletePreferences,
	endSilence,
	policyIdOf,
	savePolicy,
	savePreferences,
	savePresence,
	saveSilence,
} from './changes';
export { gate, intake, type IntakeOptions, type IntakeResult } from './intake';
export { groupCommit } from './group-commit';
export { handBack, handOut, handOutDue } from './hand-out';
export { readInbox } from './inbox';
export { observe } from './observe';
export { nextDue, policyReader, tick, type TickOptions } from './tick';
export { deliver, type Attempt, type Delivered, type DeliverOptions } from './deliver';
export { ownEvent, tellOperators, type OwnerNews } from './operators';
export { hasAbandoned, STUCK_MS, watchdog, WATCHDOG_KEY, type WatchdogRun } from './watchdog';
export { housekeeping, KEEP_DAYS } from './housekeeping';
export { updateMessages } from './updates';
export { markDead, type DeadAddress } from './dead-address';
