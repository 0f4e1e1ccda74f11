import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { testConnection } from '../../core/store';
import { storeOptions } from './store';

type Test = (
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
) => Promise<INodeCredentialTestResult>;

const ok = (message: string): INodeCredentialTestResult => ({ status: 'OK', message });
const failed = (message: string): INodeCredentialTestResult => ({ status: 'Error', message });

/** Opens the store, which also brings its tables up to date. */
export const storeCredentialTest: Test = async function (credential) {
	const result = await testConnection(storeOptions(credential.data));
	return result.ok
		? ok('The store can be read and written')
		: failed(result.fix ? `${result.message}. ${result.fix}` : result.message);
};

/** Nobody can be asked: says what is set, and refuses what could never let anybody in. */
export const inboundCredentialTest: Test = async function (credential) {
	const { token, user, password, signingSecret } = credential.data ?? {};
	const set = [
		token ? 'Header Token' : '',
		user && password ? 'Basic Auth' : '',
		signingSecret ? 'Signature' : '',
	].filter((name) => name !== '');
	if (set.length === 0)
		return failed('Nothing is set: give a header token, user and password, or a signing secret');
	return ok(`Can be used with ${set.join(', ')}; nothing was sent`);
};
