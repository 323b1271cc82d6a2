import type { STSClient } from '@aws-sdk/client-sts';
import { boundedBody } from '../bounded-body.ts';

/** The longest answer of STS that is read, in bytes; credentials are two kilobytes. */
const mostBytes = 1_000_000;

/** The part of an answer that is looked at here; the SDK leaves its type open. */
type HttpAnswer = {
  statusCode: number;
  headers: Record<string, string>;
  body: AsyncIterable<Uint8Array> & { destroy(): unknown };
};

/**
 * Reads answers in the place of the SDK, which would read one to its end, however long; the stream of one that is too
 * long is ended, and its connection with it. And nobody waits who is told to come back later: the SDK would, for five
 * seconds, and then ask before it is time. A refusal (403) it does not repeat.
 */
export function limitAnswers(client: STSClient): STSClient {
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const answer: unknown = result.response;
      if (!isHttpAnswer(answer)) return result;
      if (answer.statusCode >= 400 && answer.statusCode !== 403 && 'retry-after' in answer.headers) {
        answer.body.destroy();
        throw new Error(`STS answered ${answer.statusCode} and asks to wait`);
      }
      return {
        ...result,
        response: Object.assign(answer, { body: await boundedBody(answer.body, mostBytes) }),
      };
    },
    { step: 'deserialize', priority: 'low', name: 'limitAnswers' }, // before the SDK reads the answer
  );
  return client;
}

const isHttpAnswer = (answer: unknown): answer is HttpAnswer =>
  typeof answer === 'object' &&
  answer !== null &&
  'statusCode' in answer &&
  'headers' in answer &&
  'body' in answer &&
  typeof answer.body === 'object' &&
  answer.body !== null &&
  Symbol.asyncIterator in answer.body;
