import { createHash, timingSafeEqual } from 'node:crypto';
import { randomNonce, randomPKCECodeVerifier, randomState } from 'openid-client';
import { GatewayError } from '../errors.ts';
import { asked } from '../session/outage.ts';
import { recordKey } from '../session/record-key.ts';
import type { Sealing } from '../session/sealing.ts';
import type { SessionStore } from '../session/session-store.ts';

/** How long a started sign-in may take, in seconds. */
export const pendingSeconds = 600;

/** One started authorization code flow. */
export type PendingSignIn = {
  provider: string;
  nonce: string;
  codeVerifier: string;
  redirectUri: string;
  /** Where the browser goes in the end: already checked. */
  landing: string;
  /** Whether the person is asked for consent in any case. */
  asksConsent: boolean;
};

type Content = PendingSignIn & { binding: string };

export type PendingSignIns = ReturnType<typeof createPendingSignIns>;

/**
 * The started sign-ins: one record per flow, so that two tabs do not disturb each other, kept in the store, so
 * that a restart does not lose them. Each is bound to its provider and to the browser that started it,
 * and can be used once.
 */
export function createPendingSignIns(options: { store: SessionStore; sealing: Sealing; now?: () => number }) {
  const { store, sealing, now = Date.now } = options;
  const key = (state: string) => recordKey('sign-in', state);

  return {
    /** Records a flow; `binding` is the secret in the browser's sign-in cookie. Returns what the request carries. */
    async start(flow: Omit<PendingSignIn, 'nonce' | 'codeVerifier'>, binding: string) {
      const state = randomState();
      const nonce = randomNonce();
      const codeVerifier = randomPKCECodeVerifier();
      const content: Content = { ...flow, nonce, codeVerifier, binding: digest(binding) };
      const value = sealing.seal('sign-in', state, content);
      await asked(store.create(key(state), value, now() + pendingSeconds * 1000));
      return { state, nonce, codeVerifier };
    },

    /**
     * Takes the flow that `state` names, for good.
     *
     * A callback from another browser is login CSRF (RFC 9700, section 4.7.1): the attacker's account would end
     * up in the victim's session. It is refused before the record is consumed, so that the rightful browser can
     * still finish.
     *
     * @throws GatewayError OAUTH_STATE_INVALID unless it is this provider's and this browser's, and still unused
     */
    async take(state: unknown, provider: string, binding: string | undefined): Promise<PendingSignIn> {
      if (typeof state !== 'string' || state === '' || state.length > 200 || binding === undefined)
        throw refused();
      const stored = await asked(store.get(key(state)));
      const content = stored && sealing.open('sign-in', state, stored.value, isContent);
      if (!content) throw refused();
      const { binding: expected, ...flow } = content;
      if (flow.provider !== provider || !isEqual(expected, digest(binding))) throw refused();
      if (!(await asked(store.destroy(key(state))))) throw refused();
      return flow;
    },
  };
}

const textFields = ['provider', 'nonce', 'codeVerifier', 'redirectUri', 'landing', 'binding'];

function isContent(value: unknown): value is Content {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  return (
    textFields.every((name) => typeof fields.get(name) === 'string') &&
    typeof fields.get('asksConsent') === 'boolean'
  );
}

const digest = (binding: string): string => createHash('sha256').update(binding).digest('base64url');
const isEqual = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

const refused = () =>
  new GatewayError(
    'OAUTH_STATE_INVALID',
    'This sign-in was not started in this browser, is used already or took too long; start it again',
  );
