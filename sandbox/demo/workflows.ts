// The bundled workflows with the demo credentials selected.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CREDENTIAL_OF, credentialId, credentialName } from './credentials.ts';

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

/** Selects credentials, as a user does in the editor; nothing else is changed but what `system` knows. */
export function withCredentials(
	document: WorkflowDocument,
	system: Record<string, string>,
): WorkflowDocument {
	const nodes = document.nodes.map((node) => {
		const name = node.type.startsWith(PREFIX) ? node.type.slice(PREFIX.length) : '';
		const type = CREDENTIAL_OF[name];
		const parameters =
			name === 'itsmTemplateRender' ? { ...node.parameters, system } : node.parameters;
		if (!type) return { ...node, parameters };
		return {
			...node,
			parameters,
			credentials: { [type]: { id: credentialId(type), name: credentialName(type) } },
		};
	});
	return { ...document, nodes };
}

/** Writes the documents where n8n's import reads them. */
export function writeWorkflows(documents: WorkflowDocument[], folder: string): void {
	mkdirSync(folder, { recursive: true });
	for (const document of documents)
		writeFileSync(join(folder, `${document.id}.json`), JSON.stringify(document));
}
