import { expect, it } from 'vitest';
import { createTurns } from '../../src/clouds/azure/turns.ts';

const patient = new AbortController().signal;

/** Work that a test ends, and what has begun and ended of it. */
function createWork(most: number) {
  const turns = createTurns(most);
  const begun: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<void>>();
  return {
    begun,
    async begin(name: string, signal = patient): Promise<void> {
      const end = Promise.withResolvers<void>();
      ends.set(name, end);
      await turns.during(signal, () => {
        begun.push(name);
        return end.promise;
      });
    },
    end: (name: string) => ends.get(name)?.resolve(),
    fail: (name: string) => ends.get(name)?.reject(new Error(name)),
  };
}

it('so many begin at once, and the others in the order in which they came', async () => {
  const { begin, begun, end, fail } = createWork(2);
  const works = ['a', 'b', 'c', 'd'].map((name) => begin(name));
  await expect.poll(() => begun).toEqual(['a', 'b']);
  fail('b');
  await expect(works[1]).rejects.toThrow('b');
  await expect.poll(() => begun).toEqual(['a', 'b', 'c']);
  end('a');
  await expect.poll(() => begun).toEqual(['a', 'b', 'c', 'd']);
  end('c');
  end('d');
  await Promise.all([works[0], works[2], works[3]]);
});

it('who waits no longer leaves the turn to the next', async () => {
  const { begin, begun, end } = createWork(1);
  const leaving = new AbortController();
  const first = begin('first');
  await expect.poll(() => begun).toEqual(['first']);
  const left = begin('left', leaving.signal);
  const next = begin('next');
  leaving.abort(new Error('too late'));
  await expect(left).rejects.toThrow('too late');
  end('first');
  await first;
  await expect.poll(() => begun).toEqual(['first', 'next']);
  end('next');
  await next;
});

it.each(Array.from({ length: 12 }, (_, steps) => steps))(
  'a turn is not lost on who leaves %i steps after it came free',
  async (steps) => {
    const { begin, begun, end } = createWork(1);
    const leaving = new AbortController();
    const first = begin('first');
    await expect.poll(() => begun).toEqual(['first']);
    const left = begin('left', leaving.signal);
    end('first');
    for (let step = 0; step < steps; step++) await Promise.resolve();
    leaving.abort(new Error('too late'));
    await expect(left).rejects.toThrow('too late');
    await first;
    const next = begin('next');
    await expect.poll(() => begun).toEqual(['first', 'next']);
    end('next');
    await next;
  },
);

it('no two begin in the same round of the event loop', async () => {
  const { begin, begun, end } = createWork(10);
  const works = ['a', 'b', 'c'].map((name) => begin(name));
  const rounds: string[][] = [];
  while (begun.length < 3) {
    await new Promise(setImmediate);
    rounds.push([...begun]);
  }
  expect(rounds).toContainEqual(['a']);
  expect(rounds).toContainEqual(['a', 'b']);
  for (const name of ['a', 'b', 'c']) end(name);
  await Promise.all(works);
});
