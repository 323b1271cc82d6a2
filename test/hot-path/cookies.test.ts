import { beforeEach, describe, expect, it } from 'vitest';
import { graphqlPost, type Person, startPair } from './pair.ts';
import { ada } from './people.ts';
import { usePair } from './scene.ts';

const scene = usePair();

const signed = (cookie: string): string => cookie.slice('mcm_session='.length);
const cookies: [title: string, write: (cookie: string) => string[], isHot?: boolean][] = [
  ['none', () => [], true],
  ['an empty one', () => [''], true],
  ['others alone', () => ['a=b; c="d"'], true],
  ['others beside it', (cookie) => [`a=b; ${cookie}; c=d`], true],
  ['it without a space', (cookie) => [`a=b;${cookie};c=d`], true],
  ['it twice', (cookie) => [`${cookie}; ${cookie}`]],
  ['another one before it', (cookie) => [`mcm_session=x; ${cookie}`]],
  ['another one behind it', (cookie) => [`${cookie}; mcm_session=x`]],
  ['in two headers', (cookie) => ['a=b', cookie], true],
  ['twice in two headers', (cookie) => [cookie, 'mcm_session=x']],
  ['in quotes', (cookie) => [`mcm_session="${signed(cookie)}"`]],
  ['with spaces round its sign', (cookie) => [`mcm_session = ${signed(cookie)}`]],
  ['with a space before its value', (cookie) => [`mcm_session= ${signed(cookie)} ; a=b`]],
  ['with tabs', (cookie) => [`a=b;\t${cookie}\t;c=d`], true],
  ['with a space of another kind before it', (cookie) => [`a=b;\u00a0${cookie}`]],
  ['with a space of another kind behind it', (cookie) => [`${cookie}\u00a0; a=b`]],
  ['not signed', () => ['mcm_session=abc']],
  ['of JSON', () => ['mcm_session=j%3A%7B%7D']],
  ['signed with nothing', (cookie) => [`mcm_session=${signed(cookie).split('.')[0]}`]],
  ['with another signature', (cookie) => [`${cookie.slice(0, -6)}AAAAAA`]],
  ['with another id', (cookie) => [cookie.replace('s%3A', 's%3AA')]],
  ['not escaped', (cookie) => [decodeURIComponent(cookie)], true],
  ['with a bad escape', (cookie) => [`${cookie}%`]],
  ['escaped twice', (cookie) => [`mcm_session=${encodeURIComponent(signed(cookie))}`]],
  ['of another name that ends as it', (cookie) => [`x${cookie}`]],
  ['of another name that begins as it', (cookie) => [cookie.replace('=', 's=')]],
  ['with the prefix of https', (cookie) => [`__Host-${cookie}`]],
  ['of its name in capitals', (cookie) => [cookie.replace('mcm_session', 'MCM_SESSION')], true],
  ['its name alone', () => ['mcm_session']],
  ['its name with no value', () => ['mcm_session=']],
  ['in the value of another', (cookie) => [`a=${cookie}`]],
  [
    'in a header that is longer than those that are remembered',
    (cookie) => [`a=${'b'.repeat(3000)}; ${cookie}`],
    true,
  ],
];

describe('a cookie is read the same on the hot path', () => {
  let owner: Person;
  beforeEach(async () => {
    owner = await scene.person();
  });

  it.each(cookies)('%s', async (_title, write, isHot = false) => {
    for (let time = 0; time < 2; time++)
      await scene.expectSame((sent) => ({
        pieces: [
          scene.raw(sent, {
            cookie: false,
            headers: write(owner[sent.way]).map((value) => `Cookie: ${value}`),
          }),
        ],
      }));
    expect(await scene.hotRequests()).toBe(isHot ? 2 : 0);
  });
});

it('under https only the cookie with its prefix is read, on either way', async () => {
  await using pair = await startPair({ APP_BASE_URL: 'https://gateway.example' });
  const person = await pair.person(ada);
  const answers: string[] = [];
  for (const prefix of ['__Host-', '__Host-', '', '__host-', 'x__Host-']) {
    const { hot, ordinary } = await pair.ask((sent) => ({
      pieces: [graphqlPost(sent, { cookie: prefix + person[sent.way], body: { query: '{ me { name } }' } })],
    }));
    expect(hot).toEqual(ordinary);
    expect(ordinary[0]?.headers['strict-transport-security']).toBeDefined();
    answers.push(JSON.parse(ordinary[0]?.body ?? '').data.me.name);
  }
  expect(answers).toEqual(['Ada Lovelace', 'Ada Lovelace', null, null, null]);
  expect(await pair.hotRequests()).toBeGreaterThanOrEqual(2);
});

scene.tellsTheSame(60);
