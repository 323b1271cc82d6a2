import { type SettingName, settingNames } from '../config-settings.ts';

/** Shorter names are near to too many words: SORT is no misspelt PORT. */
const leastLength = 8;

/** Families of names that differ in a letter or two, and are all meant. */
const family = /^(AWS_ENDPOINT_URL_|OTEL_|NODE_|npm_)/;

/**
 * Variables that look like one of ours and are none: another case, or one letter (in long names two) missing, added,
 * changed or swapped. One whose right name is set too does no harm.
 */
export function misspeltSettings(
  environment: Readonly<Record<string, string | undefined>>,
): { given: string; meant: SettingName }[] {
  const isOurs = (name: string) => settingNames.some((ours) => ours === name);
  const strangers = Object.keys(environment).filter((name) => environment[name] && !isOurs(name));
  return strangers.flatMap((given) => {
    const meant = settingNames.find((name) => !environment[name] && isNear(given, name));
    return meant ? [{ given, meant }] : [];
  });
}

function isNear(given: string, name: SettingName): boolean {
  const upper = given.toUpperCase();
  if (upper === name) return true;
  if (name.length < leastLength || family.test(given)) return false;
  return distance(upper, name) <= (name.length < 12 ? 1 : 2);
}

/** How many letters are to be added, removed, changed or swapped with their neighbour (optimal string alignment). */
function distance(one: string, other: string): number {
  let before: number[] = [];
  let above = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const changed = one[i - 1] === other[j - 1] ? 0 : 1;
      const isSwapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const ways = [at(above, j) + 1, at(row, j - 1) + 1, at(above, j - 1) + changed];
      row.push(Math.min(...ways, isSwapped ? at(before, j - 2) + 1 : Number.POSITIVE_INFINITY));
    }
    [before, above] = [above, row];
  }
  return at(above, other.length);
}

const at = (row: readonly number[], column: number): number => row[column] ?? Number.POSITIVE_INFINITY;
