import { randomUUID } from 'node:crypto';
import type { IConnections, IDataObject, INode, INodeParameters } from 'n8n-workflow';

export interface NodeOptions extends Partial<Omit<INode, 'credentials'>> {
	/** Names of the credential types that are set on the node. */
	credentials?: string[];
}

/** A node of a workflow; `type` is `itsmTrigger` and the like, or a full type name. */
export function node(
	name: string,
	type: string,
	parameters: IDataObject = {},
	{ credentials = [], ...rest }: NodeOptions = {},
): INode {
	return {
		id: randomUUID(),
		name,
		type: type.includes('.') ? type : `n8n-nodes-itsm-notify.${type}`,
		typeVersion: 1,
		position: [0, 0],
		parameters: parameters as INodeParameters,
		webhookId: randomUUID(),
		...(credentials.length > 0 && {
			credentials: Object.fromEntries(credentials.map((c) => [c, { id: c, name: c }])),
		}),
		...rest,
	};
}

/** `['A', 'B']` wires A's first output to B, `['A', 'B', 1]` its second one. */
export type Wire = [from: string, to: string, output?: number, input?: number];

export function connect(...wires: Wire[]): IConnections {
	const connections: IConnections = {};
	for (const [from, to, output = 0, input = 0] of wires) {
		const main = ((connections[from] ??= { main: [] }).main ??= []);
		for (let i = main.length; i <= output; i++) main.push([]);
		(main[output] ??= []).push({ node: to, type: 'main', index: input });
	}
	return connections;
}
