// The bundled workflows with the demo credentials selected.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CREDENTIAL_OF, credentialId, credentialName, STORE_CREDENTIAL } from './credentials.ts';

const PREFIX = 'n8n-nodes-itsm-notify.';

interface WorkflowNode {
	type: string;
	parameters: Record<string, unknown>;
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

const chosen = (type: string): WorkflowNode['credentials'] => ({
	[type]: { id: credentialId(type), name: credentialName(type) },
});

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
		const type =
			CREDENTIAL_OF[name] ??
			(node.parameters.authentication === 'headerAuth' ? 'httpHeaderAuth' : undefined);
		const parameters =
			name === 'itsmTemplateRender' ? { ...node.parameters, system } : node.parameters;
		return { ...node, parameters, ...(type ? { credentials: chosen(type) } : {}) };
	});
	return { ...document, nodes };
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
