// Template Render over items, told by the names of its outputs.
import type { IDataObject } from 'n8n-workflow';
import { CHANNEL_IDS } from '../../../core/events/index.ts';
import { delivery } from '../kit/data.ts';
import { at, outputsOf, type NodeRun } from '../kit/run.ts';
import { freshStore } from '../kit/store.ts';

export const render = 'itsmTemplateRender';
export const UNDELIVERABLE = 10;
/** Of each item: which output it came out of. */
const OUTPUTS = [...CHANNEL_IDS, 'undeliverable'];

export const to = (channel: string, more: object = {}, of?: IDataObject) =>
	delivery({ channel, address: { address: 'john@example.test', userid: 'U1' }, ...more }, of);
export const card = (title: string, more: object = {}) => ({
	template_id: 'ticket_assigned',
	channels: ['slack', 'email', 'wecom'],
	templates: { card: { title } },
	...more,
});

/** `<output>: <item as text>`, for outputs that have items. */
export async function shown(options: NodeRun): Promise<Array<[output: string, item: IDataObject]>> {
	const outputs = await outputsOf(render, { credentials: freshStore(), ...options });
	return outputs.flatMap((items, i) =>
		items.map((item): [string, IDataObject] => [OUTPUTS[i], item]),
	);
}
export const textOf = (item: IDataObject) => JSON.stringify(item.message);

/** The status of the one item, which is undeliverable. */
export const failure = async (options: NodeRun) => {
	const [[output, item]] = await shown(options);
	expect(output).toBe('undeliverable');
	expect(item.message).toBeUndefined();
	return at(item, 'status') as IDataObject & { error: IDataObject };
};
