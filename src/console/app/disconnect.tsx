import { type MouseEvent, type ReactNode, useRef, useState } from 'react';
import { ConsoleDisconnectDocument } from '../generated/graphql.ts';
import { announce } from './announcer.tsx';
import { type Failure, failureOf } from './failures.ts';
import { focusOnArrival } from './focus.ts';
import { useTexts } from './language.tsx';
import { FailureBox } from './parts.tsx';
import { type Account, useSession } from './session.ts';

/**
 * The head of a card with its Disconnect button, which turns into a question before it does anything. `name` says of
 * which account; two may have one name, and what tells them apart is heard as well, by `describedBy`.
 */
export function Disconnect(props: {
  accountId: string;
  name: string;
  describedBy: string;
  onDisconnected(left: Account[]): void;
  children: ReactNode;
}) {
  const { accountId, name, describedBy, onDisconnected, children } = props;
  const texts = useTexts();
  const { client, readAgain, hasEnded } = useSession();
  const [stage, setStage] = useState<'resting' | 'asking' | 'busy'>('resting');
  const [failure, setFailure] = useState<Failure>();
  /** The account is gone, and only the page does not know it yet. */
  const [isDone, setDone] = useState(false);
  /** After the question the focus goes back to its button; before it, it stays where it is. */
  const wasAsked = useRef(false);

  async function disconnect(): Promise<void> {
    try {
      await client.mutate({ mutation: ConsoleDisconnectDocument, variables: { id: accountId } });
    } catch (error) {
      const reason = failureOf(error);
      if (await hasEnded(reason)) return;
      // Otherwise another tab was faster, and the account is gone as it should be.
      if (reason.code !== 'ACCOUNT_NOT_FOUND') throw error;
    }
    setDone(true);
    const left = await readAgain();
    if (!left) return;
    onDisconnected(left);
    announce(texts.disconnected);
  }

  function confirmed({ detail: clicks }: MouseEvent): void {
    // It has appeared under the pointer: the second half of a double click is no answer.
    if (clicks > 1) return;
    setFailure(undefined);
    setStage('busy');
    announce(`${texts.disconnecting} ${name}`);
    disconnect().catch((error: unknown) => {
      announce('');
      setFailure(failureOf(error));
      setStage('resting');
    });
  }

  return (
    <>
      <div className="card-head">
        <div>{children}</div>
        {stage === 'resting' ? (
          <button
            type="button"
            className="button quiet"
            aria-describedby={describedBy}
            ref={wasAsked.current ? focusOnArrival : null}
            onClick={() => {
              wasAsked.current = true;
              setStage('asking');
            }}
          >
            {texts.disconnect}
            <span className="unseen"> {name}</span>
          </button>
        ) : (
          <fieldset
            className="confirm"
            aria-label={`${texts.disconnect} ${name}?`}
            disabled={stage === 'busy'}
            onKeyDown={({ key }) => {
              if (key === 'Escape') setStage('resting');
            }}
          >
            <span>{stage === 'busy' ? texts.disconnecting : texts.disconnectQuestion}</span>
            <button type="button" className="button quiet danger" onClick={confirmed}>
              {texts.yes}
            </button>
            <button
              type="button"
              className="button quiet"
              ref={focusOnArrival}
              onClick={() => setStage('resting')}
            >
              {texts.no}
            </button>
          </fieldset>
        )}
      </div>
      <div role="alert">
        {failure && <FailureBox failure={failure} lead={isDone && texts.disconnectedUnread} />}
      </div>
    </>
  );
}
