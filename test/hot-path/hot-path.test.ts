import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectSameLogs, expectSameMetrics, graphqlPost, type Pair, type Person, startPair } from './pair.ts';
import { ada, others } from './people.ts';
import { type Asked, queries } from './queries.ts';

const times = 3;

let pair: Pair;
let inOrder: Person;
const people: [title: string, person: Person | undefined][] = [];

beforeAll(async () => {
  pair = await startPair();
  inOrder = await pair.person(ada);
  pair.clock.now -= 3 * 3_600_000;
  people.push(['no session', undefined], ['a session that has ended', await pair.person(ada)]);
  pair.clock.now += 3 * 3_600_000;
  for (const [title, data] of Object.entries(others)) people.push([title, await pair.person(data)]);
});
afterAll(() => pair[Symbol.asyncDispose]());

/** Asks both; gives back the body that both have answered. */
async function askBoth(asked: Asked, person: Person | undefined, who: string): Promise<string | undefined> {
  const { hot, ordinary } = await pair.ask((sent) => ({
    pieces: [graphqlPost(sent, { cookie: person?.[sent.way], body: asked })],
  }));
  expect(hot, who).toEqual(ordinary);
  expect(ordinary, who).toHaveLength(1);
  return ordinary[0]?.body;
}

let hotRequests = 0;

/** How many requests the hot path has answered since this was asked last. */
async function newHotRequests(): Promise<number> {
  const before = hotRequests;
  hotRequests = await pair.hotRequests();
  return hotRequests - before;
}

describe('what is asked again and again is answered the same on the hot path', () => {
  it.each(queries)('$title', async ({ asked, isHot, changes }) => {
    const whose = changes ? await pair.person(ada) : inOrder;
    for (let time = 0; time < times; time++) {
      const body = await askBoth(asked, whose, 'a session in order');
      if (isHot) expect(body).toMatch(/^\{"data":(?!.*"errors")/);
      expect(body).not.toContain('INTERNAL_SERVER_ERROR'); // Apollo admits on either way
    }
    const hot = await newHotRequests();
    // Apollo may have admitted its text under another title.
    expect(isHot ? [times - 1, times] : [0]).toContain(hot);
    if (!isHot) return;
    for (const [who, person] of people) await askBoth(asked, person, who);
    await newHotRequests();
  });

  it('the log and the metrics say the same of all of it', async () => {
    await expectSameLogs(pair, { least: 1000 });
    await expectSameMetrics(pair);
  });
});
