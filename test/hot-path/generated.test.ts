import { afterAll, beforeAll, expect, it } from 'vitest';
import { inputAt } from '../fuzz/inputs.ts';
import { operation } from '../fuzz/operations.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import type { Exchange } from './exchange.ts';
import {
  expectSameLogs,
  expectSameMetrics,
  graphqlPost,
  type Pair,
  type Person,
  type Sent,
  startPair,
} from './pair.ts';
import { ada } from './people.ts';

const seed = 20261127;
const fuzzedInputs = 240;
const validQueries = 80;
const times = 3;
const longMs = 120_000;

let pair: Pair;
let lasting: Person;
beforeAll(async () => {
  pair = await startPair();
  lasting = await pair.person(ada);
});
afterAll(() => pair[Symbol.asyncDispose]());

/** Sends what is made three times; what is answered otherwise on the hot path, or fails for no reason. */
async function differences(title: string, make: (sent: Sent) => Exchange): Promise<unknown[]> {
  const found: unknown[] = [];
  for (let time = 0; time < times; time++) {
    const { hot, ordinary } = await pair.ask(make);
    const isMasked = JSON.stringify(ordinary).includes('INTERNAL_SERVER_ERROR');
    if (isMasked || JSON.stringify(hot) !== JSON.stringify(ordinary))
      found.push({ title, request: make({ way: 'hot', id: '' }).pieces.join(''), hot, ordinary });
  }
  return found;
}

/** Operations and bodies with any number of faults, as the fuzzer sends them. */
function fuzzed(index: number, passing: Person): (sent: Sent) => Exchange {
  return ({ way, id }) => {
    const world = {
      port: 1, // the Host header's, which nobody looks at
      cookies: { lasting: lasting[way], passing: passing[way] },
      started: [],
      usedCode: '',
    };
    const { pieces } = inputAt(index, { seed, class: 'graphql', world });
    return { pieces: pieces.map((piece) => piece.replace('\r\n', `\r\nX-Request-Id: ${id}\r\n`)) };
  };
}

it(
  'operations of every kind, whole and broken, are answered the same on the hot path',
  async () => {
    const found: unknown[] = [];
    let passing = await pair.person(ada);
    for (let index = 0; index < fuzzedInputs; index++) {
      const make = fuzzed(index, passing);
      found.push(...(await differences(`input ${index}`, make)));
      const isUsed = make({ way: 'hot', id: '' }).pieces.join('').includes(passing.hot);
      if (isUsed) passing = await pair.person(ada); // its session may have been ended
    }
    expect(found).toEqual([]);
  },
  longMs,
);

it(
  'so are queries without a fault, which are answered there',
  async () => {
    const before = await pair.hotRequests();
    const found: unknown[] = [];
    let asked = 0;
    for (let index = 0; asked < validQueries; index++) {
      const random = createSeededRandom(seed + index);
      const world = { port: 0, cookies: { lasting: '', passing: '' }, started: [], usedCode: '' };
      const { text, names, variables } = operation({ random, marker: `marker${index}`, world }, 0);
      if (/mutation|__schema|__type\b/.test(text)) continue;
      asked++;
      const body = { query: text, variables, operationName: names.find((name) => name !== '') };
      const post = (sent: Sent) => ({ pieces: [graphqlPost(sent, { cookie: lasting[sent.way], body })] });
      found.push(...(await differences(text, post)));
    }
    expect(found).toEqual([]);
    expect((await pair.hotRequests()) - before).toBeGreaterThan(asked);
  },
  longMs,
);

it('the log and the metrics say the same of all of it', async () => {
  await expectSameLogs(pair, { least: (fuzzedInputs + validQueries) * times });
  await expectSameMetrics(pair);
});
