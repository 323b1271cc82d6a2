import { useEffect, useState, useSyncExternalStore } from 'react';
import { noOffer, type Offer, readOffer, signInHref } from './offer.ts';
import type { Person, Session } from './session.ts';

/** Who is signed in, and the ways in and out; it stays when GraphiQL fails. */
export function SessionBar({ session }: { session: Session }) {
  const { person, fault } = useSyncExternalStore(session.subscribe, session.state);
  const [offer, setOffer] = useState<Offer>(noOffer);
  useEffect(() => {
    void readOffer().then(setOffer);
  }, []);

  return (
    <header className="bar">
      <h1>GraphQL playground</h1>
      <a href="/">Console</a>
      <p className="person" role="status">
        <WhoIsIn person={person} />
      </p>
      {fault !== undefined && (
        <p className="fault" role="alert">
          {fault}
        </p>
      )}
      {person && <SignIns offer={offer} verb={person.signedIn ? 'Link' : 'Sign in with'} />}
      {person?.signedIn && <SignOut session={session} />}
    </header>
  );
}

function WhoIsIn({ person }: { person: Person | undefined }) {
  if (!person) return null;
  if (!person.signedIn) return 'Signed out';
  return (
    <>
      Signed in as <strong>{person.name ?? person.email ?? 'somebody without a name'}</strong>
    </>
  );
}

function SignIns({ offer, verb }: { offer: Offer; verb: string }) {
  if (offer.signIns.length === 0) return null;
  return (
    <nav aria-label="Sign-in">
      {offer.signIns.map(({ provider, href }) => (
        <a key={href} className="control" href={signInHref(href, offer)}>
          {verb} {provider}
        </a>
      ))}
    </nav>
  );
}

function SignOut({ session }: { session: Session }) {
  const [busy, setBusy] = useState(false);
  return (
    <button
      type="button"
      className="control"
      disabled={busy}
      onClick={async () => {
        setBusy(true);
        await session.signOut();
        setBusy(false);
      }}
    >
      Sign out
    </button>
  );
}
