import type {
	ChannelRate,
	Credential,
	HttpRequest,
	HttpResponse,
	Outcome,
	SendContext,
} from '../types';
import type { Json } from '../text';

/** What differs between the companies that send SMS. */
export interface SmsProvider {
	name: string;
	rate: ChannelRate;
	request(payload: Json, context: SendContext): HttpRequest;
	outcome(response: HttpResponse, request: HttpRequest): Outcome;
	probe?(credential: Credential): HttpRequest;
	/** A text back to a number that wrote; absent where only fixed templates go out. */
	reply?(text: string, to: string, reply: Json, credential: Credential): HttpRequest;
}
