export { intakeLoop, type IntakeLoop, type IntakeLoopOptions } from './loop';
export { answerRow, intakeRow, readAnswer, readEvent, type IntakeNode } from './rows';
export { INTAKE_RULES, type IntakeRules } from './rules';
