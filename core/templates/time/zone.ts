import { IANAZone } from 'luxon';

const zones = new Map<string, IANAZone | null>();

/** The zone object of an IANA id; undefined for abbreviations (CST), offsets and unknown names. */
export function zoneOf(id: string | null | undefined): IANAZone | undefined {
	if (!id || !(id.includes('/') || id === 'UTC')) return undefined;
	let zone = zones.get(id);
	if (zone === undefined) {
		const made = IANAZone.create(id);
		zone = made.isValid ? made : null;
		if (zones.size < 1000) zones.set(id, zone);
	}
	return zone ?? undefined;
}
