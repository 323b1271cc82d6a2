import { anyOf, chance } from './chances.ts';
import { type Made, type Making, sessionFor } from './inputs.ts';
import { jsonValue } from './junk.ts';
import { damaged, textAlphabet } from './mutations.ts';
import { operation } from './operations.ts';
import { requestText, utf8 } from './request-text.ts';

const accepts = ['*/*', 'application/json', 'application/graphql-response+json'] as const;

/** An operation on the real schema: valid, nearly valid, full of faults, or damaged as a text. */
export function graphqlInput(making: Making): Made {
  const { random, world, marker } = making;
  const { text, names, variables } = operation(making, random.pick([0, 0, 1, 3, 10, 30]));
  const query = chance(random, 15) ? damagedText(text, making) : text;
  const known = names.filter((name) => name !== '');
  const operationName = known.length > 0 && chance(random, 60) ? anyOf(random, known) : undefined;
  const asked = {
    query,
    variables: chance(random, 92) ? variables : jsonValue(random, marker),
    operationName: chance(random, 95) ? operationName : jsonValue(random, marker),
    extensions: chance(random, 95) ? undefined : jsonValue(random, marker),
  };
  const json = chance(random, 97)
    ? utf8(JSON.stringify(asked))
    : damagedText(utf8(JSON.stringify(asked)), making);
  const isGet = json.length < 6000 && chance(random, 10);
  const headers = [
    ['Host', `localhost:${world.port}`],
    ['Accept', random.pick(accepts)],
    ...(chance(random, 75) ? [['Cookie', world.cookies[sessionFor(json)]] as const] : []),
    ['Apollo-Require-Preflight', '1'],
  ] as const;
  const request = isGet
    ? requestText({ target: `/graphql?${queryString(asked)}`, headers })
    : requestText({
        method: 'POST',
        target: '/graphql',
        headers: [...headers, ['Content-Type', 'application/json']],
        body: json,
      });
  return { pieces: [request], isHead: false, endsAfterMs: undefined };
}

const damagedText = (text: string, { random }: Making): string =>
  damaged(text, { random, times: random.integer(1, 4), alphabet: textAlphabet });

const queryString = (asked: Record<string, unknown>): string =>
  Object.entries(asked)
    .filter(([, value]) => value !== undefined)
    .map(
      ([name, value]) =>
        `${name}=${encodeURIComponent(typeof value === 'string' ? value.toWellFormed() : JSON.stringify(value))}`,
    )
    .join('&');
