import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Logger;

/** Longest name of an error that is logged, in characters: AWS's are codes from the wire. */
const longestName = 100;

/** Longest error text that is logged, in characters: some SDKs quote a whole response body in theirs. */
const longestMessage = 500;

/**
 * JSON lines on standard output (or on `destination`).
 *
 * An error is written as name, message, code, stack and cause, and nothing else that hangs on it: OAuth and
 * Azure errors carry request parameters, tokens and response bodies as properties.
 */
export function createLog(options: { level: string; destination?: DestinationStream | undefined }): Log {
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
    },
    options.destination ?? pino.destination({ fd: 1, sync: true }),
  );
}

type DescribedError = {
  name: string;
  message: string;
  code?: string;
  stack?: string;
  cause?: DescribedError;
};

/**
 * The loggable facts of an error and of its causes, at most five deep. Of a failure that was foreseen no stacks:
 * where it came from is no news.
 */
export const describeError = (error: unknown): DescribedError => described(error, { depth: 0, stacks: true });

function described(error: unknown, how: { depth: number; stacks: boolean }): DescribedError {
  if (!(error instanceof Error))
    return { name: typeof error, message: 'a value that is no error was thrown' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const stacks = how.stacks && error.name !== 'GatewayError';
  return {
    name: error.name.slice(0, longestName),
    message: messageOf(error),
    ...(code === undefined ? {} : { code }),
    ...(stacks ? { stack: stackFrames(error) } : {}),
    ...(error.cause instanceof Error && how.depth < 5
      ? { cause: described(error.cause, { depth: how.depth + 1, stacks }) }
      : {}),
  };
}

/** The message without what it quotes: V8's JSON errors quote the text, GraphQL's scalars the value. */
function messageOf(error: Error): string {
  if (error instanceof SyntaxError) return 'a text could not be parsed';
  return error.message.replace(/(cannot represent [^:]*):.*/s, '$1').slice(0, longestMessage);
}

/** The stack without its first lines, which repeat the message in full. */
function stackFrames(error: Error): string {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}
