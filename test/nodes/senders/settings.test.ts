// What a sender makes of its two numbers where an expression gives something else.
import { pairsOf, runNode } from '../kit/run.ts';
import { useProviders } from '../kit/simulators.ts';
import { rendered, SENDERS } from './channel.ts';

const providers = useProviders();
const [slack] = SENDERS;

const FIELDS = {
	concurrency: '"Recipients at Once"',
	timeoutSeconds: '"Timeout per Call (Seconds)"',
};

it.each(
	(['concurrency', 'timeoutSeconds'] as const).flatMap((name) =>
		['={{ "many" }}', '={{ NaN }}', '={{ ({ a: 1 }) }}', '={{ ["2", "3"] }}', '={{ $now }}'].map(
			(value) => [name, value] as const,
		),
	),
)('%s %s: nothing is sent, and the error names the field', async (name, value) => {
	const result = await runNode(slack.type, {
		credentials: providers.credentials(),
		parameters: { options: { [name]: value } },
		items: [rendered(slack)],
	});
	expect(result.error()?.name).toBe('NodeOperationError');
	expect(result.error()?.message).toContain(FIELDS[name]);
	expect((result.error() as { description?: string }).description).toContain(FIELDS[name]);
	expect(providers.seen()).toEqual([]);
});

it.each([
	['concurrency', '={{ "2" }}'],
	['concurrency', '={{ 0 }}'],
	['concurrency', '={{ null }}'],
	['concurrency', '={{ 1e18 }}'],
	['timeoutSeconds', '={{ "2" }}'],
	['timeoutSeconds', '={{ undefined }}'],
	['timeoutSeconds', '={{ 1e18 }}'],
])('%s %s is taken', async (name, value) => {
	const result = await runNode(slack.type, {
		credentials: providers.credentials(),
		parameters: { options: { [name]: value } },
		items: [rendered(slack), rendered(slack)],
	});
	expect(result.error()).toBeUndefined();
	expect(result.json('Node')).toMatchObject([
		{ status: { status: 'sent' } },
		{ status: { status: 'sent' } },
	]);
});

it('the same delivery twice in one run: each item on Sent descends from one of them', async () => {
	const [one, other] = [rendered(slack), rendered(slack)];
	const result = await runNode(slack.type, {
		credentials: providers.credentials(),
		items: [one, other, one],
	});
	expect(pairsOf(result)).toEqual([0, 1, 2]);
	expect(providers.seen()).toHaveLength(2);
});

it.each(['title', 'text', 'recipient'])(
	'define below: a %s of which an expression finds nothing, or no text, is not sent as its name',
	async (name) => {
		const below = { input: 'defineBelow', recipient: 'U0JOHN', title: 'T', text: 'X' };
		for (const value of ['={{ null }}', '={{ undefined }}', '={{ ({ a: 1 }) }}', '={{ [1] }}']) {
			await runNode(slack.type, {
				credentials: providers.credentials(),
				parameters: { ...below, [name]: value },
			});
		}
		const seen = JSON.stringify(providers.recorder.messages());
		expect(seen).not.toMatch(/"text":"(null|undefined)|\[object/);
		const result = await runNode(slack.type, {
			credentials: providers.credentials(),
			parameters: { ...below, [name]: '={{ ({ a: 1 }) }}' },
		});
		expect(result.error()?.message).toMatch(/^"(Title|Text|Recipient)" is no text: .*\[item 0\]$/);
	},
);
