import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { messageOf } from '../../core/errors';
import { openItsm, type ItsmId } from '../../core/itsm';
import { testIo } from './sender/credential-tests';

/** One call of an ITSM. */
export const ITSM_TIMEOUT_MS = 10_000;

export const ITSM_CREDENTIALS: Record<ItsmId, string> = {
	serviceNow: 'itsmNotifyServiceNowApi',
	requestTracker: 'itsmNotifyRequestTrackerApi',
};

/** Reads something that the account must be allowed to read; writes nothing. */
export function itsmCredentialTest(id: ItsmId) {
	return async function (
		this: ICredentialTestFunctions,
		credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
	): Promise<INodeCredentialTestResult> {
		const io = testIo();
		try {
			const itsm = openItsm(id, credential.data ?? {}, (request) =>
				io.http(request, { timeoutMs: ITSM_TIMEOUT_MS }),
			);
			const account = await itsm.probe();
			const who = account ? ` as ${account}` : '';
			return { status: 'OK', message: `${itsm.name} lets us in${who}; nothing was written` };
		} catch (error) {
			return { status: 'Error', message: messageOf(error) };
		}
	};
}
