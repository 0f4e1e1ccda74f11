import { channels } from '../../../core/channels';
import { defineBelow } from '../../../core/channels/define-below';
import { slack } from '../../../core/channels/slack';
import { deliverySchema } from '../../../core/events/delivery';

const now = new Date('2027-03-13T00:00:00Z');
const codeOf = (run: () => unknown): unknown => {
	try {
		run();
	} catch (error) {
		return (error as { code?: unknown }).code;
	}
	return undefined;
};

describe.each(['slack', 'email', 'wecom'] as const)('a message written in the %s sender', (id) => {
	const channel = channels[id];
	const recipient = id === 'email' ? 'a@b.test' : 'U1';

	it('is a delivery as any other, with a message that the provider takes', () => {
		const delivery = defineBelow(
			{
				recipient,
				title: 'Disk full',
				text: 'On db-01',
				buttons: [{ label: 'Open', url: 'https://x.test/1' }],
			},
			channel,
			now,
			'run-1/0',
		);
		expect(deliverySchema.parse(delivery)).toMatchObject({
			channel: id,
			address: { address: recipient },
			standalone: true,
		});
		expect(channel.address(delivery.address)).toBe(recipient);
		expect(() => channel.check(delivery.message!)).not.toThrow();
		expect(channel.summary(delivery.message!)).toContain('Disk full');
		expect(JSON.stringify(delivery.message)).toContain('https://x.test/1');
	});
});

it('is the same message for the same item of the same run only', () => {
	const ids = ['run-1/0', 'run-1/0', 'run-1/1'].map(
		(seed) => defineBelow({ recipient: 'U1', text: 'x' }, slack, now, seed).delivery_id,
	);
	expect(ids[0]).toBe(ids[1]);
	expect(ids[0]).not.toBe(ids[2]);
	const other = defineBelow({ recipient: 'U2', text: 'x' }, slack, now, 'run-1/0');
	expect(other.delivery_id).not.toBe(ids[0]);
});

it('gives a text without a title its first line for one', () => {
	const { message } = defineBelow({ recipient: 'U1', text: 'First\nSecond' }, slack, now);
	expect(slack.summary(message!)).toBe('First');
	expect(JSON.stringify(message)).toContain('Second');
});

it('takes a raw payload instead of the rest', () => {
	const { message } = defineBelow(
		{ recipient: 'U1', title: 'no', raw: { text: 'raw' } },
		slack,
		now,
	);
	expect(message).toEqual({ text: 'raw' });
});

it('needs no recipient, for a webhook has none', () => {
	expect(defineBelow({ text: 'x' }, slack, now).address).toEqual({});
});

it.each([
	['nothing to say', { recipient: 'U1' }, 'empty_message'],
	['an empty raw payload and nothing else', { recipient: 'U1', raw: {} }, 'empty_message'],
	['a raw payload without content', { recipient: 'U1', raw: { channel: 'C1' } }, 'empty_message'],
])('refuses %s', (_name, input, code) => {
	expect(codeOf(() => defineBelow(input, slack, now))).toBe(code);
});
