import { ItsmNotifyError } from '../errors';

/** The store that `exclusive` hands over was kept and used after its end. */
export const endedTransaction = (): ItsmNotifyError =>
	new ItsmNotifyError(
		'store_transaction_ended',
		'The store of an exclusive step was used after the step had ended',
		{ fix: 'Await everything inside of the step.' },
	);
