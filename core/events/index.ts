/** Payloads of ITSM systems to notification events, and the contracts of events, deliveries and interactions. */
export * from './model';
export * from './delivery';
export * from './ids';
export * from './validate';
export { deliveryReader } from './reader';
export { isSourceId, SOURCE_IDS, sourceNamed } from './source-ids';
export type { SourceId } from './source-ids';
export { detectSource, IMPLEMENTED_SOURCES, toEvents } from './to-events';
export type { ToEventsOptions } from './to-events';
export type { EventRequest } from './body';
export { dedupeWindow, takenId } from './dedupe';
export type { DedupeRule } from './dedupe';
export { withStoredPriority, withStoredState } from './stored';
export type { StoredTicket } from './stored';
export { glpiChallengeAnswer, isVerifiable, VERIFIABLE_SOURCES, verifySource } from './signatures';
export type { SignedRequest, Verification, VerifyCode, VerifyOptions } from './signatures';
