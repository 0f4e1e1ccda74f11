import { accessory, image, interactive, textInput } from './elements.ts';
import {
	BlockError,
	fail,
	imageLink,
	list,
	object,
	oneOf,
	only,
	optionalText,
	plain,
} from './schema.ts';
import { text, textObject } from './schema.ts';
import type { Json } from './schema.ts';

export interface BlocksError {
	error: 'invalid_blocks' | 'invalid_blocks_format' | 'msg_blocks_too_long';
	messages: string[];
}

/** Sum of all block text that Slack was seen to take (facts §1.3). */
const MAX_TOTAL = 13_200;

/** Each returns how many characters of text it holds. */
const BLOCKS: Record<string, (block: Json, pointer: string) => number> = {
	header(block, pointer) {
		only(block, ['type', 'block_id', 'text'], pointer);
		return plain(block['text'], 150, `${pointer}/text`);
	},

	section(block, pointer) {
		only(block, ['type', 'block_id', 'text', 'fields', 'accessory', 'expand'], pointer);
		if (block['text'] === undefined && block['fields'] === undefined) {
			fail(pointer, 'must define `text` or `fields`');
		}
		let total = 0;
		if (block['text'] !== undefined) total += textObject(block['text'], 3000, `${pointer}/text`);
		if (block['fields'] !== undefined) {
			const fields = list(block['fields'], 1, 10, `${pointer}/fields`);
			fields.forEach((field, index) => {
				total += textObject(field, 2000, `${pointer}/fields/${index}`);
			});
		}
		if (block['accessory'] !== undefined) accessory(block['accessory'], `${pointer}/accessory`);
		return total;
	},

	context(block, pointer) {
		only(block, ['type', 'block_id', 'elements'], pointer);
		let total = 0;
		list(block['elements'], 1, 10, `${pointer}/elements`).forEach((element, index) => {
			const at = `${pointer}/elements/${index}`;
			const given = object(element, at);
			if (given['type'] === 'image') image(given, at);
			else total += textObject(given, 3000, at);
		});
		return total;
	},

	actions(block, pointer) {
		only(block, ['type', 'block_id', 'elements'], pointer);
		const ids = new Set<string>();
		list(block['elements'], 1, 25, `${pointer}/elements`).forEach((element, index) => {
			interactive(element, `${pointer}/elements/${index}`, ids);
		});
		return 0;
	},

	input(block, pointer) {
		const known = ['type', 'block_id', 'label', 'element', 'optional', 'hint', 'dispatch_action'];
		only(block, known, pointer);
		for (const flag of ['optional', 'dispatch_action']) {
			if (block[flag] !== undefined && typeof block[flag] !== 'boolean')
				fail(`${pointer}/${flag}`, 'must be a boolean');
		}
		textInput(block['element'], `${pointer}/element`);
		const hint = block['hint'] === undefined ? 0 : plain(block['hint'], 2000, `${pointer}/hint`);
		return plain(block['label'], 2000, `${pointer}/label`) + hint;
	},

	divider(block, pointer) {
		only(block, ['type', 'block_id'], pointer);
		return 0;
	},

	image(block, pointer) {
		only(block, ['type', 'block_id', 'image_url', 'alt_text', 'title'], pointer);
		imageLink(block['image_url'], `${pointer}/image_url`);
		text(block['alt_text'], 2000, `${pointer}/alt_text`);
		return block['title'] === undefined ? 0 : plain(block['title'], 2000, `${pointer}/title`);
	},

	markdown(block, pointer) {
		only(block, ['type', 'block_id', 'text'], pointer);
		return text(block['text'], 12_000, `${pointer}/text`).length;
	},
};

/** Block types that Slack has and this simulator does not model are refused too, saying so. */
function check(blocks: unknown[], root: string): number {
	const blockIds = new Set<string>();
	let total = 0;
	blocks.forEach((value, index) => {
		const pointer = `${root}/${index}`;
		const block = object(value, pointer);
		const type = oneOf(block['type'], Object.keys(BLOCKS), `${pointer}/type`);
		optionalText(block['block_id'], 255, `${pointer}/block_id`);
		const id = block['block_id'] as string | undefined;
		if (id !== undefined && blockIds.has(id)) {
			fail(`${pointer}/block_id`, `\`block_id\` "${id}" already exists for another block`);
		}
		if (id !== undefined) blockIds.add(id);
		total += BLOCKS[type]!(block, pointer);
	});
	return total;
}

/** What `chat.postMessage` says about these blocks; undefined where they are fine. */
export function blocksError(blocks: unknown, root = '/blocks'): BlocksError | undefined {
	if (!Array.isArray(blocks)) {
		return { error: 'invalid_blocks_format', messages: ['[ERROR] must be an array'] };
	}
	try {
		list(blocks, 0, 50, root);
		if (check(blocks, root) > MAX_TOTAL) {
			return {
				error: 'msg_blocks_too_long',
				messages: [`[ERROR] over ${MAX_TOTAL} characters in all`],
			};
		}
	} catch (error) {
		if (!(error instanceof BlockError)) throw error;
		return { error: 'invalid_blocks', messages: [`[ERROR] ${error.message}`] };
	}
	return undefined;
}
