export { GATE_CODES, type GateCode } from './codes';
export { decide, isMandatory, isResolved, type DecideOptions } from './decide';
export { loadView } from './load';
export { releaseHeld } from './release';
export { runGate, type GateRunOptions } from './run';
export { ledgerRow, rankOf } from './rows';
export type { Block, GateResult, GateView, InhibitionRule, Verdict, WindowSettings } from './types';
export { groupKey, nextTick, windowSettings } from './window';
