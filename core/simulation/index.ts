export { simulate } from './simulate';
export { scenarioSchema, type Scenario, type ScenarioInput } from './scenario';
export type { SimulatedDecision, SimulatedMessage, SimulationResult } from './result';
export { currentRules, currentStates } from './as-it-is';
export { replay, type PersonDifference, type Replay, type ReplayRequest } from './replay';
