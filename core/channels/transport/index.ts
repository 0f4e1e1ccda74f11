export { transportError } from './errors';
export { closeHttp2, sendHttp2 } from './http2';
export { closeSmtp, sendSmtp, smtpError, verifySmtp } from './smtp';
export { openSocket } from './websocket';
