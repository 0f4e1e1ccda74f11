import { isRecord, own, type Json } from './paths';

const NESTED = /^[\w-]{1,100}(?:\[[\w-]{1,100}\]){1,6}$/;
const FORBIDDEN = /^(?:__proto__|constructor|prototype)$/;

/** The members of a form whose names are written as paths (`ticket[agent][email]=…`) as nested members. */
export function nestForm(form: Json): Json {
	const out: Json = {};
	for (const [key, value] of Object.entries(form)) {
		const path = NESTED.test(key) ? key.split(/[[\]]+/).filter(Boolean) : [key];
		if (path.some((name) => FORBIDDEN.test(name))) continue;
		let place = out;
		for (const name of path.slice(0, -1)) {
			const inner = own(place, name);
			place = (place[name] = isRecord(inner) ? inner : {}) as Json;
		}
		place[path[path.length - 1]] = value;
	}
	return out;
}

/** An XML body is an object of its one root element; the members are also read without the root's name. */
export function withoutRoot(body: Json): Json {
	const [root, ...others] = Object.entries(body);
	if (root === undefined || others.length > 0 || !isRecord(root[1])) return body;
	return { [root[0]]: root[1], ...root[1] };
}
