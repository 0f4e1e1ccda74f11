import type {
	ICredentialDataDecryptedObject,
	ICredentialsHelper,
	ICredentialType,
	IDataObject,
	INode,
	Workflow,
} from 'n8n-workflow';
import { n8nWorkflow } from './n8n-modules.ts';
import { builtCredentials } from './node-types.ts';

/** Credential data by type name: what a user would have typed in. */
export type CredentialData = Record<string, IDataObject>;

type Helper = Record<keyof ICredentialsHelper, (...args: never[]) => unknown>;

/** n8n's credentials helper over given data instead of a database. */
export function credentialsHelperOf(
	data: CredentialData,
	types: Record<string, ICredentialType> = builtCredentials(),
): ICredentialsHelper {
	const resolve = (value: unknown, credentials: IDataObject, workflow: Workflow, node: INode) => {
		if (!n8nWorkflow.isExpression(value as never)) return value;
		const keys = { $credentials: credentials as never };
		return workflow.expression.getSimpleParameterValue(
			node,
			value as string,
			'internal',
			keys,
			undefined,
			'',
		);
	};
	const defaults = (type: string): ICredentialDataDecryptedObject =>
		Object.fromEntries((types[type]?.properties ?? []).map((p) => [p.name, p.default as never]));
	const helper: Helper = {
		getParentTypes: (name: string) => types[name]?.extends ?? [],
		isCredentialUsableByNode: () => true,
		getCredentialsProperties: (type: string) => types[type]?.properties ?? [],
		getDecrypted: async (_additionalData: unknown, _details: unknown, type: string) => {
			if (!data[type]) throw new Error(`The test gives no credential "${type}"`);
			return { ...defaults(type), ...data[type] };
		},
		getCredentials: async (_details: unknown, type: string) => ({ getData: () => data[type] }),
		updateCredentials: async (_details: unknown, type: string, values: IDataObject) => {
			data[type] = values;
		},
		updateCredentialsOauthTokenData: async () => {},
		preAuthentication: async () => undefined,
		runPreAuthentication: async () => undefined,
		authenticate: async (
			credentials: ICredentialDataDecryptedObject,
			type: string,
			request: IDataObject,
			workflow: Workflow,
			node: INode,
		) => {
			const how = types[type]?.authenticate;
			if (typeof how === 'function') return await how(credentials, request as never);
			for (const [part, entries] of Object.entries(how?.properties ?? {})) {
				const target = (request[part] ??= {}) as IDataObject;
				for (const [key, value] of Object.entries(entries as IDataObject)) {
					target[String(resolve(key, credentials as IDataObject, workflow, node))] = String(
						resolve(value, credentials as IDataObject, workflow, node),
					);
				}
			}
			return request;
		},
	};
	return helper as unknown as ICredentialsHelper;
}
