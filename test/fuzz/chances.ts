import type { SeededRandom } from '../support/seeded-random.ts';

/** True in so many of a hundred cases. */
export const chance = (random: SeededRandom, percent: number): boolean => random.integer(1, 100) <= percent;

/** Between `least` and `most` of what `make` makes. */
export function several<T>(random: SeededRandom, least: number, most: number, make: () => T): T[] {
  return Array.from({ length: random.integer(least, most) }, make);
}

/** One of the makers' results: only the chosen one is made. The first is as likely as any other. */
export const oneOf = <T>(random: SeededRandom, makers: readonly [() => T, ...(() => T)[]]): T =>
  random.pick(makers)();

/** A choice of which some are likelier: each stands with its weight. */
export function weighted<T>(
  random: SeededRandom,
  choices: readonly (readonly [weight: number, choice: T])[],
): T {
  const total = choices.reduce((sum, [weight]) => sum + weight, 0);
  let left = random.integer(1, total);
  for (const [weight, choice] of choices) {
    left -= weight;
    if (left <= 0) return choice;
  }
  throw new Error('There is nothing to choose from');
}

/** One of a list that may be of any length but empty. */
export function anyOf<T>(random: SeededRandom, list: readonly T[]): T {
  const chosen = list[random.integer(0, list.length - 1)];
  if (chosen === undefined) throw new Error('There is nothing to choose from');
  return chosen;
}
