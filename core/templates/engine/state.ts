import { TemplateError } from './errors';

/** What happens to a variable that the context does not have. */
export type MissingPolicy = 'error' | 'marker';

/** The reader's clock: every date of a message is told in this zone and language. */
export interface ReaderClock {
	/** Epoch milliseconds of "now". */
	now: number;
	/** IANA zone. */
	zone: string;
	/** BCP 47. */
	language: string;
	/** False where nobody gave a valid zone: then dates say "UTC". */
	zoneKnown: boolean;
}

/** Shared by all leaves of one document, so that many small leaves are bounded too. */
export interface Budget {
	/** Characters that may still be written. */
	output: number;
	/** Loop rounds that may still be run. */
	rounds: number;
}

/** What helpers need beside their arguments; travels as Handlebars data, never as a template variable. */
export interface RenderState {
	escape(text: string): string;
	missing: MissingPolicy;
	clock: ReaderClock;
	/** Written for a known field that has no value here. */
	absent: string;
	budget: Budget;
}

export const MAX_OUTPUT = 512 * 1024;
export const MAX_ROUNDS = 10_000;

export const newBudget = (): Budget => ({ output: MAX_OUTPUT, rounds: MAX_ROUNDS });

export function spendOutput(state: RenderState, length: number): void {
	state.budget.output -= length;
	if (state.budget.output < 0) {
		throw new TemplateError(
			'template_failed',
			`the output is longer than ${MAX_OUTPUT} characters`,
		);
	}
}

export function spendRound(state: RenderState): void {
	state.budget.rounds -= 1;
	if (state.budget.rounds < 0) {
		throw new TemplateError('template_failed', `the loops run more than ${MAX_ROUNDS} rounds`);
	}
}
