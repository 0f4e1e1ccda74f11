export { transportError } from './errors';
export { closeSmtp, sendSmtp, smtpError, verifySmtp } from './smtp';
