/** A claim that is a text with something in it; null for anything else, which providers do send. */
export const textOrNull = (claim: unknown): string | null =>
  typeof claim === 'string' && claim !== '' ? claim : null;
