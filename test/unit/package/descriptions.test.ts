// What n8n's lint cannot see: it reads sources, these look at the loaded descriptions.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ICredentialType, INodeProperties, INodeType } from 'n8n-workflow';
import { builtCredentials, builtNodes } from '../../harness/node-types.ts';
import { ROOT } from './imports.ts';

const nodes = Object.values(builtNodes()) as INodeType[];
const credentials: ICredentialType[] = Object.values(builtCredentials());

const pathOf = (kind: 'nodes' | 'credentials', className: string) => {
	const { n8n } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
	const file = (n8n[kind] as string[]).find((path) => path.includes(`/${className}.`));
	return join(ROOT, file!);
};

/** Two properties of one name must never be shown at once. */
function repeated(properties: INodeProperties[], where: string): string[] {
	const seen = new Map<string, string>();
	return properties.flatMap((property) => {
		const shown = JSON.stringify(property.displayOptions ?? 'always');
		const key = `${property.name}|${shown}`;
		const clash = seen.has(key) || (seen.has(property.name) && shown === '"always"');
		seen.set(key, shown).set(property.name, shown);
		const inner = (property.options ?? []) as Array<
			INodeProperties & { values?: INodeProperties[] }
		>;
		const below = `${where}.${property.name}`;
		return [
			...(clash ? [below] : []),
			...(property.type === 'collection' ? repeated(inner, below) : []),
			...(property.type === 'fixedCollection'
				? inner.flatMap((group) => repeated(group.values ?? [], `${below}.${group.name}`))
				: []),
		];
	});
}

test('property names are unique wherever they are shown', () => {
	const problems = nodes.flatMap(({ description }) =>
		repeated(description.properties, description.name),
	);
	expect(problems).toEqual([]);
});

test('every node has a codex that names it', () => {
	const problems = nodes.flatMap(({ constructor, description }) => {
		const file = pathOf('nodes', constructor.name).replace(/\.js$/, '.json');
		if (!existsSync(file)) return [`${description.name}: no codex`];
		const codex = JSON.parse(readFileSync(file, 'utf8'));
		const right = codex.node === `n8n-nodes-itsm-notify.${description.name}`;
		return right && codex.categories?.length > 0 ? [] : [`${description.name}: ${codex.node}`];
	});
	expect(problems).toEqual([]);
});

test('every node and credential has an icon for light and for dark', () => {
	const check = (name: string, icon: unknown, folder: string) => {
		const { light, dark } = (icon ?? {}) as { light?: string; dark?: string };
		if (!light || !dark || light === dark) return [`${name}: wants a light and a dark icon`];
		return [light, dark]
			.filter((file) => !existsSync(join(folder, file.replace(/^file:/, ''))))
			.map((file) => `${name}: ${file} is missing`);
	};
	const problems = [
		...nodes.flatMap(({ constructor, description }) =>
			check(description.name, description.icon, dirname(pathOf('nodes', constructor.name))),
		),
		...credentials.flatMap((credential) =>
			check(
				credential.name,
				credential.icon,
				dirname(pathOf('credentials', credential.constructor.name)),
			),
		),
	];
	expect(problems).toEqual([]);
});

test('nodes use only credentials of this package, and all credentials are used', () => {
	const used = new Set(
		nodes.flatMap((node) => (node.description.credentials ?? []).map((c) => c.name)),
	);
	expect([...used].sort()).toEqual(credentials.map((credential) => credential.name).sort());
});
