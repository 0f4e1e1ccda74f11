/** Types of tree.mjs for the tests. */
export function filesBelow(folder: string, suffix: string): string[];
