export {
	INTAKE_RULES,
	intakeLoop,
	intakeRow,
	ownEvent,
	type IntakeLoop,
	type IntakeLoopOptions,
	type IntakeRules,
} from './loop';
