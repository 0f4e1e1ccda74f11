import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** `pbbp2.Frame` of Feishu's SDKs, which is all of its protobuf. */
export interface Frame {
	seqId: bigint | string;
	logId: bigint | string;
	service: number;
	/** 0: of the connection itself; 1: a call. */
	method: number;
	headers: Array<[name: string, value: string]>;
	payloadEncoding?: string;
	payloadType?: string;
	payload?: Uint8Array;
	logIdNew?: string;
}

const FIELD = {
	seqId: 1,
	logId: 2,
	service: 3,
	method: 4,
	header: 5,
	payloadEncoding: 6,
	payloadType: 7,
	payload: 8,
	logIdNew: 9,
};

function readHeader(bytes: Uint8Array): [string, string] {
	const reader = new BinaryReader(bytes);
	const header: [string, string] = ['', ''];
	while (reader.pos < reader.len) {
		const [field, type] = reader.tag();
		if (field === 1 || field === 2) header[field - 1] = reader.string();
		else reader.skip(type, field);
	}
	return header;
}

/** Throws for bytes that are no frame. */
export function readFrame(bytes: Uint8Array): Frame {
	const reader = new BinaryReader(bytes);
	const frame: Frame = { seqId: 0n, logId: 0n, service: 0, method: -1, headers: [] };
	while (reader.pos < reader.len) {
		const [field, type] = reader.tag();
		if (field === FIELD.seqId) frame.seqId = reader.uint64();
		else if (field === FIELD.logId) frame.logId = reader.uint64();
		else if (field === FIELD.service) frame.service = reader.int32();
		else if (field === FIELD.method) frame.method = reader.int32();
		else if (field === FIELD.header) frame.headers.push(readHeader(reader.bytes()));
		else if (field === FIELD.payloadEncoding) frame.payloadEncoding = reader.string();
		else if (field === FIELD.payloadType) frame.payloadType = reader.string();
		else if (field === FIELD.payload) frame.payload = reader.bytes();
		else if (field === FIELD.logIdNew) frame.logIdNew = reader.string();
		else reader.skip(type, field);
	}
	return frame;
}

export function writeFrame(frame: Frame): Uint8Array {
	const writer = new BinaryWriter();
	const text = (field: number, value: string | undefined): void => {
		if (value !== undefined) writer.tag(field, WireType.LengthDelimited).string(value);
	};
	// The first four are required fields: they go out where they are 0, too.
	writer.tag(FIELD.seqId, WireType.Varint).uint64(frame.seqId);
	writer.tag(FIELD.logId, WireType.Varint).uint64(frame.logId);
	writer.tag(FIELD.service, WireType.Varint).int32(frame.service);
	writer.tag(FIELD.method, WireType.Varint).int32(frame.method);
	for (const [name, value] of frame.headers) {
		writer.tag(FIELD.header, WireType.LengthDelimited).fork();
		text(1, name);
		text(2, value);
		writer.join();
	}
	text(FIELD.payloadEncoding, frame.payloadEncoding);
	text(FIELD.payloadType, frame.payloadType);
	if (frame.payload) writer.tag(FIELD.payload, WireType.LengthDelimited).bytes(frame.payload);
	text(FIELD.logIdNew, frame.logIdNew);
	return writer.finish();
}
