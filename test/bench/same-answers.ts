import { isDeepStrictEqual } from 'node:util';
import type { RunningContestant } from './contestant.ts';
import type { ExpectedAnswer } from './load-answer.ts';
import type { Operation } from './operations.ts';
import type { SampleSession } from './sample-sessions.ts';

export type Answer = { contentType: string; body: string };

/** So many of the sessions are asked for before a measurement; during it every answer is checked, less closely. */
const asked = 10;

/** @throws Error when the answer is not 200 */
export async function askOnce(
  { server, cookies }: RunningContestant,
  operation: Operation,
  session: number,
): Promise<Answer> {
  const { method, path, headers, body } = operation;
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    method,
    headers: { ...headers, Cookie: cookies[session] ?? '' },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${operation.title}: ${response.status} ${text}`);
  return { contentType: response.headers.get('content-type') ?? '', body: text };
}

/**
 * Makes sure that a server answers what it should, the same JSON as all others, and gives how to recognise its
 * answers without parsing them: their length, and how each begins, up to and with whose it is.
 *
 * @throws Error showing both, when an answer is another one
 */
export async function expectedAnswers(
  running: RunningContestant,
  operation: Operation,
  sessions: readonly SampleSession[],
): Promise<ExpectedAnswer> {
  const step = running.isConstant ? sessions.length : Math.floor(sessions.length / asked);
  const lengths = new Set<number>();
  let first = '';
  for (let at = 0; at < sessions.length; at += step) {
    const session = sessions[at];
    const { body } = await askOnce(running, operation, at);
    if (session) compare(operation, body, operation.expected(session));
    lengths.add(Buffer.byteLength(body));
    first ||= body;
  }
  const [length = 0, ...others] = lengths;
  if (others.length > 0) throw new Error(`${operation.title}: answers of different lengths`);
  const [{ mark } = { mark: '' }] = sessions;
  const begin = first.slice(0, first.indexOf(mark) + mark.length);
  const marks = running.isConstant ? [mark] : sessions.map((session) => session.mark);
  return { length, begins: marks.map((other) => Buffer.from(begin.replaceAll(mark, other))) };
}

function compare({ title }: Operation, body: string, expected: unknown): void {
  const found = JSON.parse(body);
  const { me } = found.data ?? {};
  if (me) {
    if (new Date(me.sessionExpiresAt).toISOString() !== me.sessionExpiresAt)
      throw new Error(`${title}: sessionExpiresAt is no ISO date: ${body}`);
    delete me.sessionExpiresAt;
  }
  if (!isDeepStrictEqual(found, expected))
    throw new Error(`${title}: ${body}\nwhere this was expected: ${JSON.stringify(expected)}`);
}
