import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Eventual, isPromise } from './eventual.ts';
import type { OperationWatch } from './graphql/operation-metrics.ts';
import type { FindQuestion, Question } from './hot-questions.ts';
import { clientGone } from './http/client-gone.ts';
import { type ConstantHeaders, constantHeaders, writeHead } from './http/constant-headers.ts';
import { corsHeadersOf, type Headers } from './http/headers.ts';
import type { RequestFacts } from './http/locals.ts';
import { type Counted, limitHeaders, type RateLimits } from './http/rate-limits.ts';
import type { Log } from './log.ts';
import type { NoteRequest } from './ops/note-request.ts';
import { requestIdOf } from './ops/request-log.ts';
import type { Viewer } from './viewer.ts';

/** The session that a request came with; that of nobody where it came with none. */
export type HotSession = {
  /** Its id, where somebody is signed in. */
  signedInAs: string | undefined;
  viewer(gone: () => AbortSignal): Viewer;
};

export type HotPathOptions = {
  log: Log;
  findQuestion: FindQuestion;
  /** Headers of every answer. */
  headers: Headers;
  corsOrigins: ReadonlySet<string>;
  /** The name of the client, as trusted proxies tell its address. */
  clientOf(req: IncomingMessage): string;
  rateLimits: Pick<RateLimits, 'ask'>;
  /**
   * Reads the session of a Cookie header from the store; undefined for one that express-session has to decide about.
   *
   * @throws GatewayError SESSION_STORE_UNAVAILABLE
   */
  sessionOf(cookie: string | undefined): Eventual<HotSession> | undefined;
  operations: Pick<OperationWatch, 'begin'>;
  noteRequest: NoteRequest;
  /** Express, for all other requests. */
  ordinary(req: IncomingMessage, res: ServerResponse): void;
};

/** What is known of a request when it is passed on, as `res.locals` has it: nothing is counted or asked for twice. */
type Findings = RequestFacts & { counted: Counted; viewer?: Viewer; failure?: unknown };

type HotRequest = {
  req: IncomingMessage;
  res: ServerResponse;
  /** Looks into the body. */
  read: NonNullable<ReturnType<FindQuestion>>;
  found: Findings;
  /** Ends the GraphQL operation that has begun. */
  end?(outcome: 'ok' | 'failed'): void;
};

type Answer = { question: Question; text: string };

const noCodes: RequestFacts['codes'] = new Set();

/**
 * Answers the requests that are sent again and again without Express and Apollo Server. The session is read, the limits
 * are counted and the viewer is asked as ever, by the same code, and the answer is the same, byte for byte.
 *
 * It answers success alone. Whatever is refused, fails, or is not known to it goes the ordinary way, with what was
 * found out until then: so each refusal and each error has one place. See docs/decisions.
 */
export function createHotPath(options: HotPathOptions) {
  const { log, findQuestion, clientOf, sessionOf, rateLimits, operations, noteRequest, ordinary } = options;
  const headersFor = createHeadersFor(options);

  /** The question of a request and its answer, as far as both are here. Limits and session in the order of app.ts. */
  async function answered(request: HotRequest): Promise<Answer | undefined> {
    const { req, res, found } = request;
    const counting = rateLimits.ask('client', () => clientOf(req), found.counted);
    if (counting) await counting;
    const question = request.read(found.requestId);
    const reading = question && sessionOf(req.headers.cookie);
    const session = isPromise(reading) ? await reading.catch(keepFailure(found)) : reading;
    if (!question || !session) return undefined;
    const { signedInAs } = session;
    const countingThat = signedInAs && rateLimits.ask('session', () => signedInAs, found.counted);
    if (countingThat) await countingThat;
    begin(request, question);
    found.viewer = session.viewer(clientGone(res));
    const text = question.ask(found.viewer);
    return { question, text: isPromise(text) ? await text : text };
  }

  function begin(request: HotRequest, { operation }: Question): void {
    if (operation === undefined) return;
    request.found.operation = operation;
    const ended = operations.begin();
    request.end = (outcome) => ended({ operation, type: 'query', outcome });
  }

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const startedAt = performance.now();
    const headers = headersFor(req.headers.origin);
    const read = headers && findQuestion(req);
    if (!read) {
      ordinary(req, res);
      return;
    }
    const found: Findings = {
      requestId: requestIdOf(req.headers['x-request-id']),
      codes: noCodes,
      counted: {},
    };
    const request: HotRequest = { req, res, read, found };
    const note = () =>
      noteRequest({ method: String(req.method), path: String(req.url), startedAt, isHot: true }, res, found);
    res.on('close', note);
    function passOn(): void {
      res.off('close', note);
      Object.assign(res, { locals: found });
      ordinary(req, res);
    }

    try {
      const answer = await answered(request);
      if (!answer) {
        passOn();
        return;
      }
      request.end?.('ok');
      const { question, text } = answer;
      const own = ['X-Request-Id', found.requestId, 'Content-Length', String(Buffer.byteLength(text))];
      writeHead(res, own.concat(limitHeaders(found.counted)), headers(question));
      res.end(text);
      req.read(); // what the question was read from
    } catch (err) {
      if (!res.closed) {
        passOn();
        return;
      }
      request.end?.('failed');
      log.debug({ err, requestId: found.requestId }, 'Request failed, and its client has gone');
    }
  }

  return (req: IncomingMessage, res: ServerResponse): void => {
    // The body of a request is here once the packet that brought its head is read.
    if (req.method === 'POST') process.nextTick(answer, req, res);
    else void answer(req, res);
  };
}

/** A store that does not answer is not asked twice. */
const keepFailure =
  (found: Findings) =>
  (error: unknown): never => {
    found.failure = error;
    throw error;
  };

/**
 * The headers that are always the same in answers to a page of an origin, by media type and what the question adds;
 * undefined for an origin that is not allowed.
 */
function createHeadersFor({ headers, corsOrigins }: Pick<HotPathOptions, 'headers' | 'corsOrigins'>) {
  const always: Headers = [...headers, ['Vary', 'Origin']];
  const byOrigin = new Map<string | undefined, (question: Question) => ConstantHeaders>();
  for (const origin of [undefined, ...corsOrigins]) {
    const all = origin === undefined ? always : [...always, ...corsHeadersOf(origin)];
    const known = new Map<Headers, Map<string, ConstantHeaders>>();
    byOrigin.set(origin, ({ mediaType, headers: own }) => {
      const ofQuestion = known.get(own) ?? new Map<string, ConstantHeaders>();
      known.set(own, ofQuestion);
      const before = ofQuestion.get(mediaType);
      if (before) return before;
      const made = constantHeaders([['Content-Type', mediaType], ...own, ...all]);
      ofQuestion.set(mediaType, made);
      return made;
    });
  }
  return (origin: string | undefined) => byOrigin.get(origin);
}
