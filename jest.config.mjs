// Run through `node --experimental-vm-modules`: kysely and other libraries are ESM only.
const base = {
	rootDir: import.meta.dirname,
	testEnvironment: 'node',
	extensionsToTreatAsEsm: ['.ts'],
	moduleFileExtensions: ['ts', 'mjs', 'cjs', 'js', 'json', 'node'],
	transform: {
		// Types are checked by `gulp build`; here files are only transpiled, one by one.
		'\\.ts$': [
			'ts-jest',
			{ useESM: true, transpilation: true, diagnostics: false, tsconfig: 'tsconfig.json' },
		],
	},
	moduleNameMapper: {
		// One copy for ESM tests and CommonJS n8n-core, else `instanceof NodeOperationError` lies.
		'^n8n-workflow$': '<rootDir>/node_modules/n8n-workflow/dist/cjs/index.js',
	},
	modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.sandbox/', '<rootDir>/sandbox/n8n/'],
	watchPathIgnorePatterns: ['<rootDir>/.sandbox/'],
};

const project = (displayName, testMatch) => ({ ...base, displayName, testMatch });

export default {
	projects: [
		project('unit', ['<rootDir>/test/unit/**/*.test.ts', '<rootDir>/core/**/*.test.ts']),
		project('nodes', ['<rootDir>/test/nodes/**/*.test.ts']),
		project('differential', ['<rootDir>/test/differential/**/*.test.ts']),
		project('integration', ['<rootDir>/test/integration/**/*.test.ts']),
		project('e2e', ['<rootDir>/test/e2e/**/*.test.ts']),
		project('crash', ['<rootDir>/test/crash/**/*.test.ts']),
	],
};
