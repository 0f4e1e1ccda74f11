export {
	INTAKE_RULES,
	intakeLoop,
	intakeRow,
	type IntakeLoop,
	type IntakeLoopOptions,
	type IntakeRules,
} from './loop';
