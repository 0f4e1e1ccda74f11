// The resolver over events, told as who gets it where, and who gets nothing and why.
import type { IDataObject } from 'n8n-workflow';
import { at, outputsOf, type NodeRun } from '../kit/run.ts';

export const resolver = 'itsmPreferenceResolver';
export const json = (...documents: object[]): IDataObject => ({
	preferenceSource: 'json',
	preferencesJson: JSON.stringify(documents),
});

/** Who gets it on which channel; who gets nothing and why. */
export async function routes(options: NodeRun): Promise<{ deliver: string[]; noRoute: string[] }> {
	const [deliver, noRoute] = await outputsOf(resolver, options);
	return {
		deliver: deliver.map((d) => `${String(at(d, 'recipient.user_id'))} ${String(d.channel)}`),
		noRoute: noRoute.map(
			(row) =>
				`${String(at(row, 'recipient.user_id') ?? at(row, 'recipient.name'))} ${String(row.reason ?? at(row, 'status.reason'))}`,
		),
	};
}
