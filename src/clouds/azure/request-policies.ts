import type { SubscriptionClient } from '@azure/arm-resources-subscriptions';
import { AnswerTooLong, boundedBody } from '../bounded-body.ts';
import { BadListing } from './bad-listing.ts';
import { listings } from './listing.ts';

/** The policy type of the Azure pipeline, which the SDK does not export by itself. */
export type Policy = Parameters<SubscriptionClient['pipeline']['addPolicy']>[0];
type Request = Parameters<Policy['sendRequest']>[0];

/** More pages than any tenant has. */
const mostPages = 200;

/** The SDK follows `nextLink` wherever it points, with the token: whoever writes one must not collect tokens. */
export const keepToResourceManager = (resourceManager: string): Policy => ({
  name: 'keepToResourceManager',
  async sendRequest(request, next) {
    const { origin, username, password } = new URL(request.url);
    if (origin !== new URL(resourceManager).origin || username !== '' || password !== '')
      throw new BadListing('the list goes on at another host');
    return next(request);
  },
});

/** Ends the requests for pages with their listing, and a list that has no end. */
export const keepToListing: Policy = {
  name: 'keepToListing',
  async sendRequest(request, next) {
    const listing = listings.getStore();
    if (!listing) return next(request);
    const { pages } = listing;
    if (pages.has(request.url)) throw new BadListing('the list comes back to a page that it had');
    if (pages.size >= mostPages) throw new BadListing(`the list has more than ${mostPages} pages`);
    pages.add(request.url);
    endWith(request, listing.signal);
    return next(request);
  },
};

/**
 * A server may close a connection that stood idle at the moment in which a request is sent over it. Reading can be
 * asked again; more than once in a listing would be a retry of its own, for which there is no time.
 */
export const repeatWhenReset: Policy = {
  name: 'repeatWhenReset',
  sendRequest: (request, next) =>
    next(request).catch((error: unknown) => {
      const listing = listings.getStore();
      const isReset = error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
      if (!isReset || !listing || listing.isRepeated) throw error;
      listing.isRepeated = true;
      return next(request);
    }),
};

/**
 * Reads answers in the place of the SDK, which would read one to its end, however long. It stands next to the wire,
 * behind the SDK's own policies.
 */
export const limitAnswers = (mostBytes: number): Policy => ({
  name: 'limitAnswers',
  async sendRequest(request, next) {
    const listing = listings.getStore();
    const connection = new AbortController();
    endWith(request, connection.signal);
    request.streamResponseStatusCodes = new Set([Number.POSITIVE_INFINITY]); // whatever the status
    const { readableStreamBody, ...response } = await next(request).catch(withoutParserErrors);
    if (!readableStreamBody) return response;
    try {
      const body = await boundedBody(
        readableStreamBody,
        Math.min(mostBytes, listing?.bytesLeft ?? mostBytes),
      );
      if (listing) listing.bytesLeft -= body.length;
      return { ...response, bodyAsText: body.toString() };
    } catch (error) {
      const isEnded = request.abortSignal?.aborted;
      connection.abort(); // what is being unpacked does not end its connection by itself
      throw isEnded ? error : unreadable(error);
    }
  },
});

/** Ends a request with `signal` too. */
export function endWith(request: Request, signal: AbortSignal): void {
  const signals = [request.abortSignal, signal].filter((each) => each instanceof AbortSignal);
  request.abortSignal = AbortSignal.any(signals);
}

/** Headers that are too long or none at all, in Node's words. */
function withoutParserErrors(error: unknown): never {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  throw code.startsWith('HPE_') ? new BadListing('it is not HTTP', { cause: error }) : error;
}

const unreadable = (cause: unknown): BadListing =>
  new BadListing(cause instanceof AnswerTooLong ? cause.message : 'it breaks off, or cannot be unpacked', {
    cause,
  });
