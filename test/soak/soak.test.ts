import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { createSeededRandom } from '../support/seeded-random.ts';
import { manners, targets } from './faults.ts';
import { kinds } from './ledger.ts';
import { runSoak, type Soak } from './run-soak.ts';
import { flatnessOf, verdictOf } from './verdict.ts';

/** How often faults of a target, or of a manner, were met. */
function timesMet(part: string, { faultsMet }: Pick<Soak, 'faultsMet'>): number {
  const met = [...faultsMet].filter(([fault]) => fault.startsWith(part) || fault.endsWith(part));
  return met.reduce((sum, [, count]) => sum + count, 0);
}

describe('a gateway under fifteen seconds of everything, with faults of its clouds', () => {
  let soak: Soak;
  beforeAll(async () => {
    soak = await runSoak({
      durationMs: 15_000,
      seed: 7,
      faultMs: 1200,
      calmMs: 1000,
      isEnough: (soFar) =>
        kinds.every((kind) => soFar.ledger.count(kind) > 0) &&
        [...targets, ...manners].every((part) => timesMet(part, soFar) > 0),
    });
  }, 120_000);

  test('answers all of it as expected, logs no error, and ends with 0', () => {
    expect(soak.ledger.failures).toEqual({ count: 0, first: [] });
  });

  test.each(kinds)('meets this kind of traffic: %s', (kind) => {
    expect(soak.ledger.count(kind)).toBeGreaterThan(0);
  });

  test.each([...targets, ...manners])('meets these faults: %s', (part) => {
    expect(timesMet(part, soak)).toBeGreaterThan(0);
  });

  test('is looked at every five seconds, which is too few for a verdict', () => {
    const samples = soak.looks.map(({ sample }) => sample);
    expect(samples.length).toBeGreaterThanOrEqual(2);
    for (const { anonymousMb, rssMb, heapMb, descriptors } of samples) {
      expect(heapMb).toBeGreaterThan(10);
      expect(anonymousMb).toBeGreaterThan(heapMb / 2);
      expect(rssMb).toBeGreaterThan(anonymousMb);
      expect(descriptors).toBeGreaterThan(20);
    }
    expect(verdictOf(samples)).toBeUndefined();
  });
});

describe('what counts as flat', () => {
  const slack = { share: 0.05, least: 4 };
  const minutes = (count: number, valueAt: (second: number) => number) =>
    Array.from({ length: count * 12 }, (_, at) => ({ atMs: (at + 1) * 5000, value: valueAt((at + 1) * 5) }));
  const isFlat = (valueAt: (second: number) => number) => flatnessOf(minutes(10, valueAt), slack)?.isFlat;

  test('is a level', () => {
    expect(
      flatnessOf(
        minutes(10, () => 100),
        slack,
      ),
    ).toEqual({
      isFlat: true,
      before: 100,
      after: 100,
      most: 105,
    });
  });

  test('is noise around a level', () => {
    const random = createSeededRandom(3);
    expect(isFlat(() => 100 + random.integer(-15, 15))).toBe(true);
  });

  test('is growth that has ended before the last third', () => {
    expect(isFlat((second) => Math.min(second, 390))).toBe(true);
  });

  test('is a sawtooth, be it steep', () => {
    expect(isFlat((second) => 60 + (second % 25) * 4)).toBe(true);
  });

  test('is one peak that lasts for half a minute', () => {
    expect(isFlat((second) => (second > 540 && second <= 575 ? 300 : 100))).toBe(true);
  });

  test('is what becomes less', () => {
    expect(isFlat((second) => 700 - second)).toBe(true);
  });

  test('is not a growth of a twelfth in the last third', () => {
    expect(isFlat((second) => 100 + second / 6)).toBe(false);
  });

  test('is not a sawtooth whose valleys rise', () => {
    expect(isFlat((second) => 60 + (second % 25) * 4 + second / 12)).toBe(false);
  });

  test('is not a step up in the middle of the last third', () => {
    expect(isFlat((second) => (second > 500 ? 110 : 100))).toBe(false);
  });

  test('is not a growth that only a small level hides in its noise', () => {
    const random = createSeededRandom(3);
    expect(isFlat((second) => second / 10 + random.integer(0, 10))).toBe(false);
  });

  test('of few things allows some more of them', () => {
    const few = { share: 0, least: 5 };
    const stepOf = (more: number) => minutes(10, (second) => (second > 500 ? 40 + more : 40));
    expect(flatnessOf(stepOf(5), few)?.isFlat).toBe(true);
    expect(flatnessOf(stepOf(6), few)?.isFlat).toBe(false);
  });

  test.each([
    [2, false],
    [3, true],
    [10, true],
  ])('is judged after %i minutes: %s', (count, isJudged) => {
    expect(
      flatnessOf(
        minutes(count, () => 1),
        slack,
      ) !== undefined,
    ).toBe(isJudged);
  });
});

describe('the command', () => {
  const program = fileURLToPath(new URL('./soak.ts', import.meta.url));
  const run = (...args: string[]) => spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });

  test('explains itself', () => {
    expect(run('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--minutes') });
  });

  test.each([
    [['--minutes', '0'], '--minutes must be a number'],
    [['--minutes', 'ten'], '--minutes must be a number'],
    [['--minutes', '1e9'], '--minutes must be a number'],
    [['--seed', '1.5'], '--seed must be a whole number'],
    [['--nonsense'], '--nonsense'],
    [['10'], "'10'"],
  ])('refuses %j', (args, said) => {
    expect(run(...args)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(said) });
  });
});
