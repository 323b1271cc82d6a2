import { fstatSync } from 'node:fs';
import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Logger & {
  /** Writes a line of level `info` with these properties, JSON that needs nothing hidden or escaped, without braces. */
  infoLine(properties: string): void;
};

/** Longest name of an error that is logged, in characters: AWS's are codes from the wire. */
const longestName = 100;

/** Longest error text that is logged, in characters: some SDKs quote a whole response body in theirs. */
const longestMessage = 500;

/** Properties whose values are hidden wherever they come into a line, at its top or one level below. */
const secretNames = new Set([
  'access_token',
  'refresh_token',
  'id_token',
  'client_secret',
  'code',
  'cookie',
  'authorization',
  'set-cookie',
]);

/** `code` is OAuth's name for a secret, and everybody else's for an error: those are words, not random characters. */
const errorCode = /^(?:[A-Z][A-Z0-9_]{0,60}|[A-Za-z]{1,40}|[a-z_]{1,40})$/;

/**
 * JSON lines on standard output (or on `destination`). Nobody logs secrets; should one get into an entry under its
 * usual name, it is hidden.
 *
 * An error is written as name, message, code, stack and cause, and nothing else that hangs on it: OAuth and
 * Azure errors carry request parameters, tokens and response bodies as properties. What looks like a token in a message,
 * or in the path of a request, is hidden.
 */
export function createLog(options: {
  level: string;
  /** Values that are hidden wherever an error quotes them. */
  secrets?: readonly string[];
  destination?: DestinationStream | undefined;
  /** Whether other processes write to the same standard output. */
  besideOthers?: boolean;
}): Log {
  const hide = createHide(options.secrets ?? []);
  const destination = options.destination ?? standardOutput(options.besideOthers ?? false);
  const log = pino(
    {
      level: options.level,
      base: null,
      timestamp: () => `,"time":"${isoNow()}"`,
      formatters: { level: (label) => ({ level: label }), log: withoutSecrets },
      serializers: { err: (error: unknown) => described(error, { depth: 0, stacks: true, hide }) },
    },
    destination,
  );
  return Object.assign(log, {
    infoLine(properties: string) {
      if (log.isLevelEnabled('info'))
        destination.write(`{"level":"info","time":"${isoNow()}",${properties}}\n`);
    },
  });
}

let lastMillis = 0;
let lastIso = '';

/** The time, in ISO 8601. Many lines are of the same millisecond. */
function isoNow(): string {
  const millis = Date.now();
  if (millis !== lastMillis) [lastMillis, lastIso] = [millis, new Date(millis).toISOString()];
  return lastIso;
}

/** What is written at once, in characters. */
const mostAtOnce = 65_536;

/** And where others write too, in bytes: what a pipe keeps together (PIPE_BUF, pipe(7)); a file keeps all of it. */
const mostBesideOthers = 4096;

/** How long a line waits for others, in milliseconds. */
const gatherMillis = 10;

const isUrgent = /^\{"level":"(?:error|fatal)"/;

/**
 * Standard output, to which the lines of some milliseconds are written together: a busy gateway would spend as much on
 * writing each of its own as on the request. An error takes those before it along at once. What waits is written when
 * the process ends; one that is killed takes it away.
 */
function standardOutput(isShared: boolean): DestinationStream {
  const isMixed = isShared && !fstatSync(1).isFile();
  const most = isMixed ? mostBesideOthers : mostAtOnce;
  const sizeOf = (line: string) => (isMixed ? Buffer.byteLength(line) : line.length);
  const output = pino.destination({ fd: 1, sync: true });
  let lines = '';
  let size = 0;
  function flush(): void {
    const written = lines;
    lines = '';
    size = 0;
    if (written !== '') output.write(written);
  }
  process.once('exit', flush);
  return {
    write(line) {
      const added = sizeOf(line);
      if (size + added > most) flush();
      if (lines === '') setTimeout(flush, gatherMillis).unref();
      lines += line;
      size += added;
      if (isUrgent.test(line)) flush();
    },
  };
}

/** What pino's `redact` does too, whose wildcards cost several times the rest of a line. */
function withoutSecrets(entry: Record<string, unknown>): Record<string, unknown> {
  if (!Object.entries(entry).some(([name, value]) => mayHide(name, value))) return entry;
  return hidingSecrets(entry, (value) =>
    hasProperties(value) ? hidingSecrets(value, (inner) => inner) : value,
  );
}

/** Whether a value is to be looked at more closely: most lines have none. */
const mayHide = (name: string, value: unknown): boolean =>
  typeof value === 'object' || (name === 'path' && !isShort(value)) || secretNames.has(name.toLowerCase());

const isShort = (value: unknown): boolean => typeof value === 'string' && value.length < shortestRun;

function hidingSecrets(
  object: Record<string, unknown>,
  shown: (value: unknown) => unknown,
): Record<string, unknown> {
  const entries = Object.entries(object).map(([name, value]) => [
    name,
    isSecret(name, value) ? '(hidden)' : name === 'path' ? shownPath(value) : shown(value),
  ]);
  return Object.fromEntries(entries);
}

/** A request that was cut or joined wrongly on its way may have anything in its path, a cookie too. */
const shownPath = (value: unknown): unknown => (typeof value === 'string' ? withoutTokens(value) : value);

function isSecret(name: string, value: unknown): boolean {
  if (value === undefined || !secretNames.has(name.toLowerCase())) return false;
  return name !== 'code' || typeof value !== 'string' || !errorCode.test(value);
}

/** Not an error, which has a serializer of its own, nor what writes itself as one value, such as a date. */
const hasProperties = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Error) &&
  !('toJSON' in value);

/** Runs of characters that may be a token, a secret or a session id: long, and of letters of both cases with digits. */
const shortestRun = 24;
const run = new RegExp(`[\\w+=.~-]{${shortestRun},}`, 'g');
const isRandom = (text: string): boolean => /\d/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text);
/** The ids in Azure's messages are what its support asks for. */
const guid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\.?$/i;

/** Some clouds repeat in an error what they were sent. */
const withoutTokens = (text: string): string =>
  text.replace(run, (found) => (isRandom(found) && !guid.test(found) ? '(hidden)' : found));

type DescribedError = {
  name: string;
  message: string;
  code?: string;
  stack?: string;
  cause?: DescribedError;
};

/** What hides secrets, and what looks like one. */
type Hide = (text: string) => string;

const createHide =
  (secrets: readonly string[]): Hide =>
  (text) =>
    withoutTokens(secrets.reduce((rest, secret) => rest.replaceAll(secret, '(hidden)'), text));

/**
 * The loggable facts of an error and of its causes, at most five deep. Of a failure that was foreseen no stacks:
 * where it came from is no news.
 */
function described(error: unknown, how: { depth: number; stacks: boolean; hide: Hide }): DescribedError {
  if (!(error instanceof Error))
    return { name: typeof error, message: 'a value that is no error was thrown' };
  const code =
    'code' in error && typeof error.code === 'string' && errorCode.test(error.code) ? error.code : undefined;
  const stacks = how.stacks && error.name !== 'GatewayError';
  return {
    name: how.hide(error.name.slice(0, longestName)),
    message: how.hide(messageOf(error)).slice(0, longestMessage),
    ...(code === undefined ? {} : { code }),
    ...(stacks ? { stack: stackFrames(error) } : {}),
    ...(error.cause instanceof Error && how.depth < 5
      ? { cause: described(error.cause, { ...how, depth: how.depth + 1, stacks }) }
      : {}),
  };
}

/** The message without what it quotes: V8's JSON errors quote the text, GraphQL's scalars the value. */
function messageOf(error: Error): string {
  if (error instanceof SyntaxError) return 'a text could not be parsed';
  const read = error.message.slice(0, 10 * longestMessage); // a secret that is cut in two would not be known
  return read.replace(/(cannot represent [^:]*):.*/s, '$1');
}

/** The stack without its first lines, which repeat the message in full. */
function stackFrames(error: Error): string {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}
