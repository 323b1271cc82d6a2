import { chance, several } from './chances.ts';
import { type Body, body } from './http-bodies.ts';
import { contentType, cookies, host, oddHeaders } from './http-headers.ts';
import { target } from './http-targets.ts';
import { type Made, type Making, sessionFor } from './inputs.ts';
import { requestText } from './request-text.ts';

const methods = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'PROPFIND',
  'QUERY',
  'SEARCH',
  'PURGE',
  'M-SEARCH',
  'get',
  'XYZ',
] as const;

/** A request whose framing is right, and nothing else has to be. */
export function httpInput(making: Making): Made {
  const { random } = making;
  const asked = target(making);
  const takesBody = asked.path === '/graphql' ? chance(random, 75) : asked.path.endsWith('/add');
  const method = chance(random, 80) ? (takesBody ? 'POST' : 'GET') : random.pick(methods);
  const sent: Body | undefined = chance(random, takesBody ? 97 : 10) ? body(making) : undefined;
  const session = sessionFor(`${asked.text}${sent?.plain ?? ''}`);
  const headers = [
    ...host(making),
    ...cookies(making, { session, started: asked.started }),
    ...(sent ? [...contentType(making), ...sent.headers] : []),
    ...oddHeaders(making),
  ];
  const text = requestText({
    method,
    target: asked.text,
    version: chance(random, 97) ? 'HTTP/1.1' : 'HTTP/1.0',
    headers,
    body: sent?.text,
    chunkSizes: sent && chance(random, 10) ? several(random, 1, 5, () => random.integer(1, 5000)) : undefined,
  });
  return { pieces: [text], isHead: method === 'HEAD', endsAfterMs: undefined };
}
