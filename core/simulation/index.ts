export { simulate } from './simulate';
export { scenarioSchema, type Scenario, type ScenarioInput } from './scenario';
export type { SimulatedDecision, SimulatedMessage, SimulationResult } from './result';
export { replay, type PersonDifference, type Replay, type ReplayRequest } from './replay';
