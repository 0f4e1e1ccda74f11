/** What people do from a message: tokens, commands, permissions, words. */
export { ACTIONS, BUTTON_ACTIONS, isAction, isButtonAction } from './actions';
export type { Action, ButtonAction } from './actions';
export { readCommand, readUntil, type Command } from './commands';
export {
	DEFAULT_PERMISSIONS,
	permit,
	permittedActions,
	ticketStatus,
	type Permission,
	type PermissionQuestion,
	type PermissionRule,
	type Permissions,
} from './permissions';
export { readToken, signToken, type TokenClaims, type TokenVerdict } from './token';
export { chooseTicket, type KnownTicket, type TicketChoice } from './tickets';
export { fill, wordsFor, type ActionWords } from './words';
export { asEcho, ECHO_MS, echoKey, isEcho, markEcho, marksOf } from './echo';
export type { EchoMark } from './echo';
