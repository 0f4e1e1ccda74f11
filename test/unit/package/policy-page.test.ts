import { DEFAULT_PERMISSIONS } from '../../../core/actions/permissions';
import { EVENT_TYPES } from '../../../core/events/model';
import { CATEGORIES } from '../../../core/preferences/categories';
import { parsePolicy } from '../../../core/preferences/policy';
import { RECIPIENTS, ROLES } from '../../../core/preferences/roles';
import { BASE_SCORES, ROLE_FACTORS, TIME_TABLE } from '../../../core/strategy/tables';
import { blocksOf, codesIn, readPage, rowsOf, sectionOf } from './docs.ts';

const page = readPage('docs/policy.md');
const policy = parsePolicy({});
const section = (name: string): string => sectionOf(page, `## ${name}`);

/** `urgent.types` → its value; what is no plain object, and an empty one, is a value. */
function leavesOf(value: object, prefix = ''): Array<[field: string, value: unknown]> {
	return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
		const isBranch =
			typeof inner === 'object' &&
			inner !== null &&
			!Array.isArray(inner) &&
			Object.keys(inner).length > 0;
		return isBranch
			? leavesOf(inner, `${prefix}${name}.`)
			: [[`${prefix}${name}`, inner] as [string, unknown]];
	});
}

/** The lines of a section's table: several fields of one line have their defaults in the same order. */
const linesOf = (name: string): Array<[field: string, value: unknown]> =>
	rowsOf(section(name)).flatMap(([fields, defaults]) => {
		const values = codesIn(defaults);
		const names = codesIn(fields);
		return names.map((field, i): [string, unknown] => [
			field,
			JSON.parse(values.length === 1 ? values[0] : values[i]),
		]);
	});

describe('docs/policy.md', () => {
	it('has a section for each of the policy', () => {
		const headings = [...page.matchAll(/^## (\w+)$/gm)].map(([, name]) => name);
		expect(headings.sort()).toEqual(Object.keys(policy).sort());
	});

	it.each(['aggregation', 'silence', 'escalation', 'routing', 'retry'] as const)(
		'%s: every field with its default, and no other',
		(name) => {
			expect(Object.fromEntries(linesOf(name))).toEqual(Object.fromEntries(leavesOf(policy[name])));
		},
	);

	it('priority: the tables of base, time and role, impact and thresholds', () => {
		const text = section('priority');
		const base = rowsOf(text).flatMap(([types, score]) =>
			codesIn(types).map((type) => [type, Number(score)]),
		);
		expect(Object.fromEntries(base)).toEqual(BASE_SCORES);
		expect(JSON.parse(blocksOf(text, ['json'])[0])).toEqual(TIME_TABLE);
		const [, roles] = /- `role`: (.+?)\. Lines/.exec(text) as RegExpExecArray;
		const factors = [...roles.matchAll(/(?:^|, )(\D+?) ([\d.]+)/g)].flatMap(([, names, factor]) =>
			names.split(/, | and /).map((role) => [role, Number(factor)]),
		);
		expect(Object.fromEntries(factors)).toEqual(ROLE_FACTORS);
		const { per_ci, per_service, max } = policy.priority.impact;
		expect(text).toContain(`at most \`max\` (${per_ci}, ${per_service}, ${max})`);
		const { escalation, immediate, standard } = policy.priority.thresholds;
		expect(text).toContain(
			`\`escalation\` ${escalation}, \`immediate\` ${immediate}, \`standard\` ${standard}:`,
		);
	});

	it('interaction: who may do what in which status', () => {
		const rows = rowsOf(section('interaction')).map(([action, roles, statuses]) => [
			codesIn(action)[0],
			{ roles: JSON.parse(codesIn(roles)[0]), statuses: JSON.parse(codesIn(statuses)[0]) },
		]);
		expect(Object.fromEntries(rows)).toEqual(DEFAULT_PERMISSIONS);
		expect(policy.interaction.permissions).toEqual(DEFAULT_PERMISSIONS);
	});

	it('recipients: who gets which type', () => {
		const keysOf = (types: string): string[] => {
			if (types === 'any other') return ['default'];
			return codesIn(types).map((type) =>
				types.endsWith(', no assignee') ? `${type}_unassigned` : type,
			);
		};
		const rows = rowsOf(sectionOf(page, '### recipients')).flatMap(([types, roles]) =>
			keysOf(types).map((key) => [key, codesIn(roles)]),
		);
		expect(Object.fromEntries(rows)).toEqual(RECIPIENTS);
	});
});

describe.each([
	['docs/preferences.md', /for the strongest: ([^.]+)\./],
	['docs/zh/preferences.md', /取最强者：([^。]+)。/],
])('%s', (path, strongest) => {
	const text = readPage(path);

	it('has the category of every type', () => {
		const rows = rowsOf(text)
			.map((cells) => cells.flatMap(codesIn))
			.filter(([type]) => EVENT_TYPES.some((known) => known === type));
		const table = Object.entries(CATEGORIES).map(([type, [word]]) => [type, word]);
		expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(table));
	});

	it('names the roles by strength', () => {
		const [, roles] = strongest.exec(text) as RegExpExecArray;
		expect(
			roles
				.replace(/\([^)]*\)/g, '')
				.split(/[,、]/)
				.map((role) => role.trim()),
		).toEqual([...ROLES]);
	});
});
