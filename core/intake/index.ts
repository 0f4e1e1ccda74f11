export {
	INTAKE_RULES,
	intakeLoop,
	type IntakeLoop,
	type IntakeLoopOptions,
	type IntakeRules,
} from './loop';
export { answerRow, intakeRow, readAnswer, readEvent, type IntakeNode } from './rows';
