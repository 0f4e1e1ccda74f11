import { z } from 'zod';

/** `null` says as little as a field that is not there. */
export const orElse = <T extends z.ZodType>(schema: T, fallback: z.output<T>) =>
	schema.nullish().transform((value): z.output<T> => value ?? fallback);
/** As `orElse`, without a value to fall back on. */
export const orAbsent = <T extends z.ZodType>(schema: T) =>
	schema
		.nullish()
		.transform((value): z.output<T> | undefined => value ?? undefined)
		.optional();
/** A list without its nulls. */
export const listOf = <T extends z.ZodType>(schema: T) =>
	z
		.array(schema.nullable())
		.transform((list) => list.filter((member): member is z.output<T> => member !== null));
