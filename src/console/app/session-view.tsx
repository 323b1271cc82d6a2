import { useQuery } from '@apollo/client/react';
import { useEffect, useMemo, useState } from 'react';
import { ConsoleDocument } from '../generated/graphql.ts';
import { announce } from './announcer.tsx';
import { useExpiry } from './expiry.ts';
import type { FailedSignIn } from './failed-sign-in.ts';
import { failureOf } from './failures.ts';
import { focusOnArrival } from './focus.ts';
import { createGatewayClient, type Offer, readOffer } from './gateway-client.ts';
import { useTexts } from './language.tsx';
import { FailureBox, LoadingLine } from './parts.tsx';
import { useReading } from './reading.ts';
import { isSamePerson, type Me, type Session, SessionContext } from './session.ts';
import { SignedIn } from './signed-in.tsx';
import { SignedOut } from './signed-out.tsx';

/**
 * Reads the session and what is on offer, and shows the session for as long as it is the same person's. Every answer
 * that says who is signed in arrives here through Apollo Client's cache.
 */
export function SessionView(props: {
  focus: boolean;
  failedSignIn: FailedSignIn | undefined;
  onOffer(offer: Offer): void;
  onSignOut(): void;
  onEnded(): void;
  onExpired(): void;
  onAgain(): void;
}) {
  const { focus, failedSignIn, onOffer, onSignOut, onEnded, onExpired, onAgain } = props;
  const texts = useTexts();
  const [client] = useState(createGatewayClient);
  const [view] = useState(() => new AbortController());
  const offered = useReading(readOffer);
  const { data, previousData, error } = useQuery(ConsoleDocument, { client });
  const session = data ?? previousData;

  /** Who this view is about: the first who was found signed in. */
  const [person, setPerson] = useState<Me>();
  const me = session?.me;
  if (me?.loggedIn && !person) setPerson(me);
  const isOver = person !== undefined && me !== undefined && !isSamePerson(person, me);

  const offer = offered.state === 'read' ? offered.value : undefined;
  const isReading = !offer || !session;
  const failure = offered.state === 'failed' ? offered.failure : error && !session && failureOf(error);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each once, when it comes about
  useEffect(() => {
    if (offer) onOffer(offer);
  }, [offer]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each once, when it comes about
  useEffect(() => {
    // Somebody else has signed in meanwhile, in another tab, or nobody is signed in any more.
    if (isOver) (me?.loggedIn ? onAgain : onEnded)();
  }, [isOver]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: said when it changes, in whatever language it is then
  useEffect(() => announce(isReading && !failure ? texts.reading : ''), [isReading, failure]);
  useEffect(
    () => () => {
      view.abort();
      client.stop();
    },
    [view, client],
  );
  useExpiry(person && me?.sessionExpiresAt, onExpired);

  const shown = useMemo<Session | undefined>(() => {
    if (!offer || !person) return undefined;
    const readAgain = async () => {
      const { data } = await client.query({ query: ConsoleDocument, fetchPolicy: 'network-only' });
      return data && isSamePerson(person, data.me) ? data.accounts : undefined;
    };
    return {
      client,
      offer,
      signal: view.signal,
      readAgain,
      async hasEnded({ code }) {
        if (view.signal.aborted) return true;
        return code === 'UNAUTHENTICATED' && !(await readAgain());
      },
    };
  }, [client, offer, person, view]);

  if (failure)
    return (
      <div role="alert" className="problem">
        <FailureBox failure={failure}>
          <button
            type="button"
            className="button secondary"
            ref={focus ? focusOnArrival : null}
            onClick={onAgain}
          >
            {texts.tryAgain}
          </button>
        </FailureBox>
      </div>
    );
  if (isReading || isOver) return <LoadingLine text={texts.reading} />;
  if (!shown) return <SignedOut offer={offer} focus={focus} failedSignIn={failedSignIn} />;
  return (
    <SessionContext value={shown}>
      <SignedIn {...session} focus={focus} failedSignIn={failedSignIn} onSignOut={onSignOut} />
    </SessionContext>
  );
}
