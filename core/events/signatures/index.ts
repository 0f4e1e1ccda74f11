export { glpiChallengeAnswer } from './challenge';
export { isVerifiable, VERIFIABLE_SOURCES, verifySource } from './verify';
export type { SignedRequest, Verification, VerifyCode, VerifyOptions } from './verify';
