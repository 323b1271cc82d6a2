import { askJson } from './ask.ts';

/** What of the gateway's offer the playground needs. */
export type Offer = {
  signIns: readonly { provider: string; href: string }[];
  /** Whether sign-ins come back to the gateway itself, rather than to a front end elsewhere. */
  landsHere: boolean;
};

/** Before the gateway has said more, and where it cannot. */
export const noOffer: Offer = { signIns: [], landsHere: false };

/** The configured sign-ins. Without an answer there are none, and the bar tells elsewhere that the gateway is silent. */
export async function readOffer(): Promise<Offer> {
  const { ok, body } = await askJson('/console.json');
  return ok ? { ...noOffer, ...body } : noOffer;
}

/** Where a sign-in starts; it comes back to the playground where it can. */
export const signInHref = (href: string, { landsHere }: Offer): string =>
  landsHere ? `${href}?returnTo=/graphql` : href;
