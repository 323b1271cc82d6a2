import { AsyncLocalStorage } from 'node:async_hooks';

/** What the requests of one listing share. */
export type Listing = {
  /** Ends its requests: at its deadline, or when whoever wants the list has gone. */
  signal: AbortSignal;
  /** Its deadline alone. It ends the request for a token, which other listings of the tenant may wait for as well. */
  deadline: AbortSignal;
  /** The URLs of the pages that were asked for. */
  pages: Set<string>;
  /** How much may still be read, in bytes. */
  bytesLeft: number;
  /** A request of it was repeated; a second one is not. */
  isRepeated: boolean;
};

/** All that a list of subscriptions may take, in bytes: some hundred each are usual. */
const mostBytes = 20_000_000;

export function createListing(timeoutMs: number, gone: AbortSignal | undefined): Listing {
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = gone ? AbortSignal.any([deadline, gone]) : deadline;
  return { signal, deadline, pages: new Set(), bytesLeft: mostBytes, isRepeated: false };
}

/** The listing that is under way where this is read: the SDKs hand nothing from a call on to its requests. */
export const listings = new AsyncLocalStorage<Listing>();
