import { bareAs } from './bare-contestant.ts';
import type { Contestant } from './contestant.ts';
import { flask } from './flask-contestant.ts';
import { gateway } from './gateway-contestant.ts';
import { type OperationName, operationsNamed } from './operations.ts';
import { apollo, mercurius, yoga } from './peer-contestants.ts';
import type { Entrant, Entrants } from './rounds.ts';

/** What everything is set against. */
export const baseline: Contestant = gateway({ name: 'gateway', title: '**this gateway**' });

/** Every request through Express and Apollo Server, none over the short way. */
export const withoutHotPath: Contestant = gateway(
  { name: 'gateway-hot-path-off', title: 'this gateway, `HOT_PATH=off`' },
  { HOT_PATH: 'off' },
);

/** All that are compared, slowest kind first, but for the limit, which needs the baseline's answers. */
const field: readonly Contestant[] = [flask, yoga, apollo, mercurius, withoutHotPath, baseline];

/** Servers that are in no measurement, and why. */
export const missing = (): { title: string; operations: string[]; why: string }[] =>
  field.flatMap(({ title, operations, missing }) => {
    const why = missing?.();
    return why === undefined
      ? []
      : [{ title, operations: operationsNamed(operations).map((operation) => operation.title), why }];
  });

/** Starts all of the field that answer at least one of `asked`, and the limit last. */
export async function startField(entrants: Entrants, asked: readonly OperationName[]): Promise<Entrant[]> {
  let [base, limit]: (Entrant | undefined)[] = [];
  const others: Entrant[] = [];
  for (const contestant of field) {
    if (!contestant.operations.some((name) => asked.includes(name))) continue;
    const entrant = await entrants.add(contestant);
    if (entrant) others.push(entrant);
    if (contestant === baseline) base = entrant;
  }
  if (base) limit = await entrants.add(bareAs(base.running));
  return limit ? [...others, limit] : others;
}
