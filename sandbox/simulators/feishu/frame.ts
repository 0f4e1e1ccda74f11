import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** `pbbp2.Frame`, field by field in the order of its definition. */
export interface Frame {
	SeqID: bigint;
	LogID: bigint;
	service: number;
	method: number;
	headers: Record<string, string>;
	payload: Buffer;
}

/** Throws where one of the four required fields is missing, as the servers' own library does. */
export function decode(bytes: Uint8Array): Frame {
	const reader = new BinaryReader(bytes);
	const numbers = new Map<number, bigint>();
	const headers: Record<string, string> = {};
	let payload: Uint8Array = new Uint8Array();
	while (reader.pos < reader.len) {
		const [field, wire] = reader.tag();
		if (field >= 1 && field <= 4) numbers.set(field, BigInt(reader.uint64()));
		else if (field === 5) {
			const pair = new BinaryReader(reader.bytes());
			const texts: string[] = [];
			while (pair.pos < pair.len) texts[pair.tag()[0]] = pair.string();
			if (texts[1] === undefined || texts[2] === undefined) throw new Error('half a header');
			headers[texts[1]] = texts[2];
		} else if (field === 8) payload = reader.bytes();
		else reader.skip(wire, field);
	}
	for (const field of [1, 2, 3, 4])
		if (!numbers.has(field)) throw new Error(`required field ${field} is missing`);
	return {
		SeqID: numbers.get(1)!,
		LogID: numbers.get(2)!,
		service: Number(numbers.get(3)!),
		method: Number(numbers.get(4)!),
		headers,
		payload: Buffer.from(payload),
	};
}

export function encode({ SeqID, LogID, service, method, headers, payload }: Frame): Uint8Array {
	const writer = new BinaryWriter();
	for (const [at, value] of [SeqID, LogID, BigInt(service), BigInt(method)].entries())
		writer.tag(at + 1, WireType.Varint).uint64(value);
	for (const [key, value] of Object.entries(headers))
		writer
			.tag(5, WireType.LengthDelimited)
			.fork()
			.tag(1, WireType.LengthDelimited)
			.string(key)
			.tag(2, WireType.LengthDelimited)
			.string(value)
			.join();
	return writer.tag(8, WireType.LengthDelimited).bytes(payload).finish();
}
