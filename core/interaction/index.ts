/** From a provider's verified call to what it means: buttons out, interaction items in, permission, outcome. */
export { dress } from './dress';
export { linkOf, TOKEN_DAYS, withButtons, type ButtonSettings } from './buttons';
export { checkPermission, type PermissionVerdict } from './check';
export {
	answerText,
	completeInteraction,
	type Completed,
	type InteractionResult,
} from './complete';
export { conversationKey, takeCalls, ticketFields, type Taken } from './take';
export { answererOf, rolesOf } from './people';
