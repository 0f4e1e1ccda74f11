import { generateKeyPairSync } from 'node:crypto';

export interface KeyPair {
	publicKey: string;
	privateKey: string;
}

// The types do not know that an encoding makes texts of the keys.
const PEM = {
	publicKeyEncoding: { type: 'spki', format: 'pem' },
	privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
} as const;

let made: { apns: KeyPair; fcm: KeyPair } | undefined;

/** Keys of the push services, made anew by each process: a private key in a repository alarms every scanner. */
export function pushKeys(): { apns: KeyPair; fcm: KeyPair } {
	made ??= {
		apns: generateKeyPairSync('ec', { namedCurve: 'P-256', ...PEM }) as unknown as KeyPair,
		fcm: generateKeyPairSync('rsa', { modulusLength: 2048, ...PEM }) as unknown as KeyPair,
	};
	return made;
}
