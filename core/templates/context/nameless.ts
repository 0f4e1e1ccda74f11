/**
 * The prototype of everything in the context: no names at all, so no `constructor`. Handlebars compares
 * scopes with `!=`, which needs a primitive form; NaN equals nothing.
 */
export const NAMELESS: object = Object.freeze(
	Object.create(null, { [Symbol.toPrimitive]: { value: () => NaN } }),
);
