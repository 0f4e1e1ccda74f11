import { anyMatch, decodeDigest, hmac, secretsOf } from './hmac';

/** What GLPI signs to prove that it is GLPI who asks. */
const CHALLENGE = 'validate_cra_challenge';

/**
 * The body that answers GLPI's `GET ?crc_token=T` (status 200, nothing else in it), or undefined if the token
 * was not made with one of the secrets: then answer 401.
 */
export function glpiChallengeAnswer(
	secret: string | readonly string[],
	token: string | undefined,
): string | undefined {
	const given = decodeDigest(token?.trim() ?? '', 'hex', 'sha256');
	if (given === undefined) return undefined;
	const key = secretsOf(secret).find((candidate) =>
		anyMatch([given], [hmac('sha256', candidate, CHALLENGE)]),
	);
	return key === undefined ? undefined : hmac('sha256', key, given.toString('hex')).toString('hex');
}
