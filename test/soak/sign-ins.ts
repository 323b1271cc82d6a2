import { azure, type Target } from './faults.ts';
import type { Identity, Person } from './person.ts';

const asksOf = ({ provider }: Pick<Identity, 'provider'>): Target[] =>
  provider === 'azure' ? azure : ['google sign-in'];

const isAtProvider = (location: string): boolean => location.includes('state=');

/** Asks for the provider's page; gives its URL, if it was answered with one. */
export async function beginSignIn(
  { ask }: Person,
  provider: Identity['provider'],
  kind: 'sign-in begun' | 'sign-in left unfinished' = 'sign-in begun',
): Promise<string | undefined> {
  const begun = await ask({
    kind,
    path: `/api/login/${provider}`,
    asks: asksOf({ provider }),
    isRight: ({ status, location }) => status === 302 && isAtProvider(location),
  });
  return begun?.location;
}

/**
 * A whole sign-in; or, for who is signed in, the linking of one more account. Who links a second account of Google is
 * sent to Google once more, as the first time brought no refresh token; the account is connected by then.
 */
export async function signIn(person: Person, identity: Identity): Promise<void> {
  let page = await beginSignIn(person, identity.provider);
  for (let round = 0; page !== undefined && round < 2; round++) {
    const callback = new URL(await person.browser.authorize(identity.persona, page));
    const finished = await person.ask({
      kind: 'sign-in finished',
      path: callback.pathname + callback.search,
      asks: asksOf(identity),
      isRight: ({ status, location }) => status === 302 && (round === 0 || !isAtProvider(location)),
    });
    if (!finished) return;
    person.user ??= { name: identity.name };
    person.accounts.set(identity.account, identity);
    page = isAtProvider(finished.location) ? finished.location : undefined;
  }
}

/** Presses the provider's button that says no. */
export async function cancelSignIn(person: Person, provider: Identity['provider']): Promise<void> {
  const page = await beginSignIn(person, provider);
  if (page === undefined) return;
  const callback = new URL(await person.browser.authorize('cancel', page));
  await person.ask({
    kind: 'sign-in cancelled',
    path: callback.pathname + callback.search,
    isRight: ({ status, codes }) => status === 401 && codes[0] === 'SIGN_IN_FAILED',
  });
}

/** Gets as far as the provider's page, and never comes back. */
export async function leaveSignIn(person: Person, provider: Identity['provider']): Promise<void> {
  await beginSignIn(person, provider, 'sign-in left unfinished');
}
