import { byHand } from './asking.ts';
import { badRequests } from './bad-requests.ts';
import type { Traffic } from './visits.ts';

/** One of the requests that are refused. */
export async function askBadly({ url, random, ask }: Traffic): Promise<void> {
  const bad = badRequests[random.integer(0, badRequests.length - 1)];
  if (!bad) throw new Error('There are no bad requests');
  const { path, parts, status, code } = bad;
  await ask({
    kind: 'bad request',
    shown: `${parts.method ?? 'GET'} ${path.slice(0, 100)} ${String(parts.body ?? '').slice(0, 100)} (to be ${status} ${code})`,
    send: byHand(url, path, parts),
    isRight: (answer) => answer.status === status && answer.codes[0] === code,
  });
}

const anonymousReads: [string, string][] = [
  ['/api/user', '"logged_in":false'],
  ['/api/accounts', '[]'],
  ['/graphql?query={me{loggedIn}accounts{__typename}}', '"loggedIn":false'],
  ['/', '<html'],
  ['/readyz', ''],
];

/** Reads without a session. */
export async function readAnonymously({ url, random, ask }: Traffic): Promise<void> {
  const [path, expected] = anonymousReads[random.integer(0, anonymousReads.length - 1)] ?? ['/', ''];
  await ask({
    kind: 'anonymous read',
    shown: `GET ${path}`,
    send: byHand(url, path, { headers: { 'apollo-require-preflight': '1' } }),
    isRight: ({ status, text }) => status === 200 && text.includes(expected),
  });
}

/** A cookie that nobody was given: it is as if there were none. */
export async function showBadCookie({ url, random, ask }: Traffic): Promise<void> {
  const id = random
    .integer(1, 2 ** 31)
    .toString(36)
    .padStart(32, 'x');
  const value = random.pick([`s%3A${id}.${'A'.repeat(43)}`, id, 's%3A', '%E0%A4%A', 'x'.repeat(4000)]);
  await ask({
    kind: 'bad cookie',
    shown: `GET /api/user with the cookie ${value.slice(0, 60)}`,
    send: byHand(url, '/api/user', { headers: { cookie: `mcm_session=${value}` } }),
    isRight: ({ status, text }) => status === 200 && text.includes('"logged_in":false'),
  });
}
