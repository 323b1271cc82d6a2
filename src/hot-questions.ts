import type { IncomingMessage } from 'node:http';
import type { Eventual } from './eventual.ts';
import type { FindAdmitted } from './graphql/admitted-queries.ts';
import { mediaTypeFor, mediaTypes } from './graphql/media-type.ts';
import type { FindOperation } from './graphql/persisted-operations.ts';
import { withTextInBody } from './graphql/persisted-requests.ts';
import { staleExtensions } from './graphql/stale-listings.ts';
import type { Headers } from './http/headers.ts';
import { mostBodyBytes } from './http/json-body.ts';
import { countHosts } from './http/unreadable-requests.ts';
import { isObject } from './json.ts';
import { createRecentlyUsed } from './recently-used.ts';
import { linkHeaders } from './rest/api-links.ts';
import { hotQuestions } from './rest/routes.ts';
import type { Viewer } from './viewer.ts';

/** What the viewer is asked by a request, and how that is answered. */
export type Question = {
  mediaType: string;
  /** Headers of its answers alone: one list for all questions that are alike in that. */
  headers: Headers;
  /** The JSON of the answer. */
  ask(viewer: Viewer): Eventual<string>;
  /** A GraphQL operation has a name in the log and in metrics, or is `anonymous`. */
  operation?: string;
};

/**
 * Tells by its head whether a request may have a question that is hot; what it gives looks into the body, which it
 * leaves there, and gives the question, or undefined after all.
 */
export type FindQuestion = (
  req: IncomingMessage,
) => ((requestId: string) => Question | undefined) | undefined;

/** The longest body that is kept, in characters: what it is parsed into may take twenty times that. */
const longestKept = 2000;

/** What a body takes at most beside its text, in bytes. */
const keptBytes = 20 * longestKept;

/** How much is kept of bodies for a media type, in bytes, and for how long after they were last sent, in milliseconds. */
const keptBodies = { most: 4 * 1024 * 1024, forMillis: 600_000 };

/** What a page sends, as far as it makes no difference to anybody. */
const jsonTypes = new Set([
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset=utf-8',
]);

const noHeaders: Headers = [];

const questions = new Map<string | undefined, Question>(
  Object.entries(hotQuestions).map(([path, ask]) => [
    path,
    {
      mediaType: 'application/json; charset=utf-8',
      headers: Object.entries(linkHeaders(path)),
      ask: async (viewer) => JSON.stringify(await ask(viewer)),
    },
  ]),
);

/**
 * The questions that need no Express: queries that Apollo has admitted before, and the two REST paths that pages ask
 * most often. Nothing is decided here that could be refused: a request that is in any way out of the ordinary is not
 * hot, and whoever refuses such requests sees it as it came.
 */
export function createFindQuestion(options: {
  findAdmitted: FindAdmitted;
  /** Where operations have to be in a manifest, or are compared with them. */
  findOperation: FindOperation | undefined;
  operationName(name: string | undefined): string;
}): FindQuestion {
  const { findAdmitted, findOperation, operationName } = options;

  const knownByMediaType = new Map(
    mediaTypes.map((mediaType) => [
      mediaType,
      createRecentlyUsed<{ length: number; question: Question }>({
        ...keptBodies,
        sizeOf: ({ length }) => length,
      }),
    ]),
  );

  /** The question in a body; of the same body, byte for byte, it is the same. */
  function questionIn(bytes: Buffer, mediaType: string, requestId: string): Question | undefined {
    const known = knownByMediaType.get(mediaType);
    const key = bytes.toString('latin1');
    const before = known?.get(key);
    if (before) return before.question;
    const question = quietly(() => graphqlQuestion(JSON.parse(bytes.toString()), mediaType, requestId));
    if (question && key.length <= longestKept) known?.set(key, { length: keptBytes + key.length, question });
    return question;
  }

  function graphqlQuestion(body: unknown, mediaType: string, requestId: string): Question | undefined {
    if (!isObject(body)) return undefined;
    if (findOperation) withTextInBody(body, (asked) => findOperation(asked, requestId));
    const { query, operationName: asked, variables, extensions } = body;
    const isRequest =
      typeof query === 'string' &&
      isTextOrNone(asked) &&
      isObjectOrNone(variables) &&
      isObjectOrNone(extensions);
    if (!isRequest || extensions?.persistedQuery !== undefined) return undefined;
    const admitted = findAdmitted(query, asked ?? undefined);
    if (!admitted) return undefined;
    return {
      mediaType,
      headers: noHeaders,
      operation: operationName(admitted.name ?? asked ?? undefined),
      ask(viewer) {
        const data = admitted.run({ viewer }, variables ?? {});
        return typeof data === 'string'
          ? answerOf(data, viewer)
          : data.then((late) => answerOf(late, viewer));
      },
    };
  }

  return (req) => {
    const { method, url, headers } = req;
    if (method === 'GET') {
      const question = questions.get(url);
      const isBare = isPlain(req) && !bodyLength(req) && headers['content-type'] === undefined;
      return question && isBare ? () => question : undefined;
    }
    if (method !== 'POST' || url !== '/graphql' || !isPlain(req)) return undefined;
    const mediaType = mediaTypeFor(headers.accept);
    const length = bodyLength(req);
    const isReadable = length > 0 && length <= mostBodyBytes && length === req.readableLength;
    if (mediaType === undefined || !isReadable || !jsonTypes.has(headers['content-type'] ?? ''))
      return undefined;
    return (requestId) => {
      const bytes: Buffer = req.read();
      req.unshift(bytes);
      return questionIn(bytes, mediaType, requestId);
    };
  };
}

/** As Apollo writes it. */
function answerOf(data: string, viewer: Viewer): string {
  const extensions = staleExtensions(viewer);
  return extensions ? `{"data":${data},"extensions":${JSON.stringify(extensions)}}\n` : `{"data":${data}}\n`;
}

/** Whether nothing of HTTP's own needs a decision: the version, the host, the framing and the coding of the body. */
function isPlain({ httpVersion, headers, rawHeaders }: IncomingMessage): boolean {
  return (
    httpVersion === '1.1' &&
    headers.upgrade === undefined &&
    headers.expect === undefined &&
    headers['transfer-encoding'] === undefined &&
    headers['content-encoding'] === undefined &&
    headers['if-none-match'] === undefined && // Express knows one that is always met
    countHosts(rawHeaders) === 1
  );
}

const bodyLength = ({ headers }: IncomingMessage): number => Number(headers['content-length'] ?? 0);

/** What a request is refused for, it is refused for again where that is answered. */
function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

const isTextOrNone = (value: unknown): value is string | null | undefined =>
  value === undefined || value === null || typeof value === 'string';

const isObjectOrNone = (value: unknown): value is Record<string, unknown> | null | undefined =>
  value === undefined || value === null || isObject(value);
