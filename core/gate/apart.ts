import { messageOf } from '../errors';

/** Told of a part that failed, in words. */
export type OnFault = (what: string) => void;

/** One part of a look at what is due. Where faults are told, one does not keep the other parts waiting. */
export async function apart<T>(
	onFault: OnFault | undefined,
	what: string,
	work: () => Promise<T>,
): Promise<T | undefined> {
	if (!onFault) return work();
	try {
		return await work();
	} catch (error) {
		onFault(`${what}: ${messageOf(error)}`);
		return undefined;
	}
}
