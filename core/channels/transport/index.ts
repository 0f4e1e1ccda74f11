export { transportError } from './errors';
export { closeSmtp, createSmtp, smtpError } from './smtp';
