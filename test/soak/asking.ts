import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Browser } from '../support/browser.ts';
import type { RequestParts } from '../support/send-request.ts';
import type { Faults, Target } from './faults.ts';
import type { Kind, Ledger } from './ledger.ts';

/** `body` is parsed where it is JSON; `codes` are those of its errors, on either face. */
export type Answer = { status: number; location: string; text: string; body: unknown; codes: string[] };

export type Question = {
  kind: Kind;
  /** What is shown of it should it fail. */
  shown: string;
  /** The clouds that are asked for the answer: those of its faults are expected. */
  asks?: readonly Target[];
  /** Codes that may come in any case, beside those of faults. */
  usualCodes?: readonly string[];
  /** Its time is the client's own, as with a slow sender. */
  isSlowItself?: boolean;
  send(signal: AbortSignal): Promise<Answer>;
  isRight(answer: Answer): boolean;
};

/** Asks, judges the answer and notes it; gives the answer when it is right, and nothing when it is not. */
export type Ask = (question: Question) => Promise<Answer | undefined>;

/**
 * When a request is without an answer in its time, in milliseconds. The longest are sign-ins whose token and listing
 * both hang (10 and 8 seconds), and a sender whom the gateway gives 15 seconds for its headers.
 */
const deadlineMillis = 30_000;

/** Statuses of faults on REST (contract, section 5); GraphQL answers 200. */
const restStatuses: Record<string, number> = { SIGN_IN_FAILED: 401, AWS_UNAVAILABLE: 502 };

/** `logOf` finds what the gateway has logged of a request that failed. */
export function createAsk(options: {
  ledger: Ledger;
  faults: Faults;
  logOf(requestId: string): Promise<string | undefined>;
}): Ask {
  const { ledger, faults, logOf } = options;
  return async ({ kind, shown, asks = [], usualCodes = [], isSlowItself = false, send, isRight }) => {
    const startedAt = performance.now();
    const note = (outcome: 'as expected' | 'fault' | 'unexpected') => {
      const ownMillis = asks.length === 0 && !isSlowItself ? performance.now() - startedAt : undefined;
      ledger.note({ kind, outcome, ownMillis });
    };
    const fail = async (said: string, requestId?: string) => {
      note('unexpected');
      const endedAt = performance.now();
      const after = `after ${Math.round(endedAt - startedAt)} ms`;
      const meanwhile = faults.during({ startedAt, endedAt }).join(', ') || 'none';
      const log = requestId === undefined ? undefined : await logOf(requestId);
      ledger.fail(
        [
          `${kind}: ${shown}`,
          `${said.trim()} ${after}; faults meanwhile: ${meanwhile}`,
          ...(log === undefined ? [] : [log]),
        ].join('\n    '),
      );
    };
    try {
      const answer = await send(AbortSignal.timeout(deadlineMillis));
      const { codes } = answer;
      const isMasked = codes.includes('INTERNAL_SERVER_ERROR');
      if (!isMasked && isRight(answer)) {
        note('as expected');
        return answer;
      }
      const failed = {
        asked: asks,
        codes: codes.filter((code) => !usualCodes.includes(code)),
        startedAt,
        endedAt: performance.now(),
      };
      if (hasStatusOfItsCodes(answer) && faults.explain(failed)) note('fault');
      else await fail(`${answer.status} ${answer.text.slice(0, 500)}`, requestIdOf(answer));
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
      await fail(`no answer: ${error}${cause}`);
    }
    return undefined;
  };
}

const requestIdOf = (answer: Answer): string | undefined => /"requestId":"([^"]+)"/.exec(answer.text)?.[1];

function hasStatusOfItsCodes({ status, codes, body }: Answer): boolean {
  if (isObject(body) && 'errors' in body) return status === 200;
  return codes.every((code) => status === (restStatuses[code] ?? 500));
}

/** A browser's request; redirects are not followed. */
export const byBrowser =
  (browser: Browser, path: string, init: RequestInit = {}) =>
  async (signal: AbortSignal): Promise<Answer> => {
    const response = await browser.fetch(path, { ...init, signal });
    const { status, headers } = response;
    return answerOf({ status, location: headers.get('location') ?? '', text: await response.text() });
  };

/** A request over a connection of its own. The support's `sendRequest` waits five seconds, too few under this load. */
export const byHand =
  (url: string, path: string, { method = 'GET', headers = {}, body, chunked = false }: RequestParts = {}) =>
  async (signal: AbortSignal): Promise<Answer> => {
    const framing =
      body === undefined || chunked ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const sent = request(url, { path, method, headers: { ...framing, ...headers }, agent: false, signal });
    const response = once(sent, 'response') as Promise<[IncomingMessage]>;
    sent.end(body);
    const [answer] = await response;
    sent.on('error', () => {}); // what is left of a body that was refused has no reader
    return answerOf({ status: answer.statusCode ?? 0, text: await text(answer) });
  };

/** The answer with what is in its body. */
export function answerOf(given: { status: number; location?: string; text: string }): Answer {
  const body = parsed(given.text);
  return { location: '', ...given, body, codes: codesIn(body) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type ErrorShape = { extensions?: { code?: string } };

function codesIn(body: unknown): string[] {
  if (!isObject(body)) return [];
  if (typeof body.code === 'string') return [body.code];
  const errors: ErrorShape[] = Array.isArray(body.errors) ? body.errors : [];
  return errors.map(({ extensions }) => extensions?.code ?? 'no code');
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
