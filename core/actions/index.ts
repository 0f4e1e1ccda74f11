/** What people do with tickets from a message: remembering our own writes. */
export { asEcho, ECHO_MS, echoKey, isEcho, markEcho, marksOf } from './echo';
export type { EchoMark } from './echo';
