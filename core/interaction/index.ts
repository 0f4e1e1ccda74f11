/** From a provider's verified call to what it means: buttons out, interaction items in, permission, outcome. */
export { dress } from './dress';
export { linkOf, TOKEN_DAYS, withButtons, type ButtonSettings } from './buttons';
export { checkPermission, type PermissionVerdict } from './check';
export { answerText } from './answer-text';
export { completeInteraction, type Completed } from './complete';
export { resultOf, type InteractionResult } from './result';
export { takeCalls, type Taken } from './take';
export { ticketFields, type TakeOptions } from './item';
export { conversationKey } from './conversation';
export { answererOf, rolesOf } from './people';
export { act } from './act';
export type { ActionResult, ActOptions, TicketView } from './act-types';
export { takeLink, viewLink, type LinkState, type LinkView, type TakenLink } from './link';
export { linkPage, type LinkPage } from './page';
export { mailKey, takeMail, type MailOptions, type TakenMail } from './mail';
export { followUps, type FollowUpOptions } from './follow-up';
