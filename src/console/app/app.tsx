import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import { ConsoleLogoutDocument } from '../generated/graphql.ts';
import { Announcer, announce } from './announcer.tsx';
import type { FailedSignIn } from './failed-sign-in.ts';
import { type Failure, failureOf } from './failures.ts';
import { focusOnArrival } from './focus.ts';
import { Footer, Masthead } from './frame.tsx';
import { createGatewayClient, type Offer } from './gateway-client.ts';
import { useTexts } from './language.tsx';
import { FailureBox, LoadingLine } from './parts.tsx';
import { SessionView } from './session-view.tsx';
import { SignedOut } from './signed-out.tsx';

/** What the page is doing. Each stage holds only what it shows, so that nothing of a person outlives it. */
type Stage =
  /** Reads the session and shows it; each visit reads afresh. `focus`: the keyboard goes to its heading. */
  | { name: 'session'; visit: number; focus: boolean; failedSignIn?: FailedSignIn | undefined }
  | { name: 'signed-out'; hasEnded?: boolean }
  | { name: 'signing-out' }
  | { name: 'failed'; failure: Failure; isOfSignOut?: boolean; again(): void }
  /** The page is kept for the back button, and must hold nothing. */
  | { name: 'hidden' };

let visits = 0;

const visit = (focus: boolean, failedSignIn?: FailedSignIn): Stage => ({
  name: 'session',
  visit: ++visits,
  focus,
  failedSignIn,
});

const nothingOnOffer: Offer = { signIns: [], aws: false, playground: false };

/** The console: shows the browser's session, read from `/graphql`. */
export function App({ failedSignIn }: { failedSignIn: FailedSignIn | undefined }) {
  const texts = useTexts();
  const [stage, setStage] = useState<Stage>(() => visit(false, failedSignIn));
  const [offer, setOffer] = useState(nothingOnOffer);

  useEffect(() => {
    const hide = () => flushSync(() => setStage({ name: 'hidden' }));
    const showAgain = ({ persisted }: PageTransitionEvent) => {
      if (persisted) setStage(visit(false));
    };
    addEventListener('pagehide', hide);
    addEventListener('pageshow', showAgain);
    return () => {
      removeEventListener('pagehide', hide);
      removeEventListener('pageshow', showAgain);
    };
  }, []);

  const readAfresh = () => setStage(visit(true));

  /** Ends the session. The data leaves the screen at once, and the request outlives the page if it is closed. */
  async function signOut(): Promise<void> {
    setStage({ name: 'signing-out' });
    announce(texts.signingOut);
    try {
      const context = { fetchOptions: { keepalive: true } };
      await createGatewayClient().mutate({ mutation: ConsoleLogoutDocument, context });
      announce('');
      setStage((now) => (now.name === 'signing-out' ? { name: 'signed-out' } : now));
    } catch (error) {
      announce('');
      const failed: Stage = {
        name: 'failed',
        failure: failureOf(error),
        isOfSignOut: true,
        again: signOut,
      };
      setStage((now) => (now.name === 'signing-out' ? failed : now));
    }
  }

  return (
    <>
      <a className="skip" href="#main">
        {texts.skip}
      </a>
      <Masthead />
      <main id="main" className="width" tabIndex={-1}>
        <Announcer />
        {stage.name === 'session' && (
          <SessionView
            key={stage.visit}
            focus={stage.focus}
            failedSignIn={stage.failedSignIn}
            onOffer={setOffer}
            onSignOut={signOut}
            onEnded={() => {
              setStage({ name: 'signed-out', hasEnded: true });
              announce(texts.ended);
            }}
            onExpired={() =>
              setStage({ name: 'failed', failure: { kind: 'sessionLimit' }, again: readAfresh })
            }
            onAgain={readAfresh}
          />
        )}
        {stage.name === 'signed-out' && (
          <SignedOut offer={offer} focus notice={stage.hasEnded && texts.ended} />
        )}
        {stage.name === 'signing-out' && <LoadingLine text={texts.signingOut} />}
        {stage.name === 'failed' && (
          <div role="alert" className="problem">
            <FailureBox failure={stage.failure} lead={stage.isOfSignOut && texts.mayBeSignedIn}>
              <button type="button" className="button secondary" ref={focusOnArrival} onClick={stage.again}>
                {texts.tryAgain}
              </button>
            </FailureBox>
          </div>
        )}
      </main>
      <Footer playground={offer.playground} />
    </>
  );
}
