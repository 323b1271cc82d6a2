/** A path as Express matches it with its routes: whatever its case, and with a slash at its end or without. */
export const matchedPath = (path: string): string => path.toLowerCase().replace(/(?<=.)\/$/, '');
