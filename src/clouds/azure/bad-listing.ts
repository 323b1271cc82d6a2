/** An answer that is no list of subscriptions, or no token; the message says why, for people. */
export class BadListing extends Error {
  override readonly name = 'BadListing';
}
