const { series } = require('gulp');

/** Each step lives in scripts/build/<name>.mjs. */
const step = (name) => {
	const task = async () => (await import(`./scripts/build/${name}.mjs`)).default();
	task.displayName = name;
	return task;
};

/** What people and `npm test` run. */
exports.build = series(step('types'), step('registration'), step('bundle'));
/** Without the type check, for a quick try. */
exports.bundle = step('bundle');
exports.types = step('types');
