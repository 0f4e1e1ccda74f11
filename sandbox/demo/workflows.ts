// The bundled workflows with the demo credentials selected.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
	ANSWERING,
	credentialId,
	credentialName,
	CREDENTIALS_OF,
	STORE_CREDENTIAL,
} from './credentials.ts';

const PREFIX = 'n8n-nodes-itsm-notify.';

interface WorkflowNode {
	name: string;
	type: string;
	parameters: Record<string, unknown>;
	webhookId?: string;
	credentials?: Record<string, { id: string; name: string }>;
}

export interface WorkflowDocument {
	id: string;
	name: string;
	nodes: WorkflowNode[];
}

export const readWorkflows = (folder: string): WorkflowDocument[] =>
	readdirSync(folder)
		.filter((file) => file.endsWith('.json'))
		.sort()
		.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as WorkflowDocument);

/** A workflow that waits for mails cannot be published without a mailbox. */
export const needsMailbox = ({ nodes }: WorkflowDocument): boolean =>
	nodes.some(({ type }) => type === 'n8n-nodes-base.emailReadImap');

const chosen = (...types: string[]): WorkflowNode['credentials'] =>
	Object.fromEntries(
		types.map((type) => [type, { id: credentialId(type), name: credentialName(type) }]),
	);

const ownName = ({ type }: WorkflowNode): string | undefined =>
	type.startsWith(PREFIX) ? type.slice(PREFIX.length) : undefined;

/** Selects credentials, as a user does in the editor; nothing else is changed but what `system` knows. */
export function withCredentials(
	document: WorkflowDocument,
	system: Record<string, string>,
): WorkflowDocument {
	const nodes = document.nodes.map((node) => {
		const name = ownName(node) ?? '';
		// n8n's own Webhook node, where it asks for a header.
		const types =
			CREDENTIALS_OF[name] ??
			(node.parameters.authentication === 'headerAuth' ? ['httpHeaderAuth'] : []);
		const parameters = { ...node.parameters, ...settingsOf(name, system) };
		return { ...node, parameters, ...(types.length > 0 ? { credentials: chosen(...types) } : {}) };
	});
	return { ...document, nodes };
}

/** What of a node only its user knows. */
function settingsOf(name: string, system: Record<string, string>): Record<string, unknown> {
	if (name === 'itsmTemplateRender') return { system };
	if (name === 'itsmInteractionTrigger') return { channels: [...Object.keys(ANSWERING), 'link'] };
	return {};
}

/** The webhook path on which the Interaction Trigger takes answers, without the channel at its end. */
export function answersPath(documents: readonly WorkflowDocument[]): string | undefined {
	const node = documents
		.flatMap(({ nodes }) => nodes)
		.find((one) => ownName(one) === 'itsmInteractionTrigger');
	if (node === undefined) return undefined;
	// A path with a variable part stands behind the webhook's own id.
	return `${node.webhookId}/${String(node.parameters.path ?? 'itsm-answers')}`;
}

/** Selects the store credential in every node of the package: in queue mode a file would not do. */
export function withStore<D extends { nodes: unknown }>(document: D): D {
	const nodes = (document.nodes as WorkflowNode[]).map((node) =>
		ownName(node) === undefined
			? node
			: { ...node, credentials: { ...node.credentials, ...chosen(STORE_CREDENTIAL) } },
	);
	return { ...document, nodes };
}

/** Writes the documents where n8n's import reads them. */
export function writeWorkflows(documents: WorkflowDocument[], folder: string): void {
	mkdirSync(folder, { recursive: true });
	for (const document of documents)
		writeFileSync(join(folder, `${document.id}.json`), JSON.stringify(document));
}
