import js from '@eslint/js';
import { configWithoutCloudSupport } from '@n8n/node-cli/eslint';
import globals from 'globals';
import tseslint from 'typescript-eslint';

// The published code is held to n8n's own rules, all of them. No Cloud: the package has a store.
const PUBLISHED = ['nodes/**/*.ts', 'credentials/**/*.ts', 'core/**/*.ts'];
const published = configWithoutCloudSupport.map((entry) =>
	entry.files?.includes('**/*.ts') ? { ...entry, files: PUBLISHED } : entry,
);

export default tseslint.config(
	{ ignores: ['dist', '**/node_modules', '.cache', '.sandbox', '**/package-lock.json'] },
	{ linterOptions: { reportUnusedDisableDirectives: 'error' } },
	...published,
	// Run by Node 20 the import rules do not know this module of Node 22 and later.
	{ settings: { 'import-x/core-modules': ['node:sqlite'] } },
	{
		files: ['**/*.ts'],
		ignores: PUBLISHED,
		extends: [js.configs.recommended, tseslint.configs.recommended],
		// What is left unused on purpose starts with an underscore.
		rules: {
			'@typescript-eslint/no-unused-vars': [
				'error',
				{ ignoreRestSiblings: true, argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
			],
		},
	},
	{
		files: ['**/*.{js,mjs,cjs}'],
		extends: [js.configs.recommended],
		languageOptions: { globals: globals.node },
	},
	{
		// The sandbox's pages run in a browser.
		files: ['sandbox/**/*.{js,mjs}'],
		languageOptions: { globals: globals.browser },
	},
	{
		files: ['**/*.ts'],
		// n8n's lint pins a parser older than our TypeScript; it works, it only complains.
		languageOptions: { parserOptions: { warnOnUnsupportedTypeScriptVersion: false } },
	},
);
