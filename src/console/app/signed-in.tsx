import { useEffect, useState } from 'react';
import { AccountCard, headingId } from './account-card.tsx';
import { ConnectAccount } from './connect-account.tsx';
import type { FailedSignIn } from './failed-sign-in.ts';
import { FailedSignInBox } from './failed-sign-in-box.tsx';
import { focusOnArrival } from './focus.ts';
import { useMoment, useTexts } from './language.tsx';
import { type Account, byCloud, type Me } from './session.ts';
import { useSubscriptions } from './subscriptions.ts';

const accountsHeading = 'accounts-heading';

/** The view of a session: who, until when, the connected accounts, and how to connect another. */
export function SignedIn(props: {
  me: Me;
  accounts: Account[];
  focus: boolean;
  failedSignIn: FailedSignIn | undefined;
  onSignOut(): void;
}) {
  const { me, focus, failedSignIn, onSignOut } = props;
  const texts = useTexts();
  const moment = useMoment();
  const accounts = byCloud(props.accounts);
  const subscriptions = useSubscriptions(accounts);
  const moveFocus = useFocusMove(accounts);

  /** Moves the keyboard to what stands where the account stood. */
  function onDisconnected(id: string, left: Account[]) {
    const next = byCloud(left)[accounts.findIndex((account) => account.id === id)] ?? byCloud(left).at(-1);
    moveFocus(next ? headingId(next.id) : accountsHeading);
  }

  return (
    <>
      {failedSignIn && <FailedSignInBox {...failedSignIn} />}
      <section className="person">
        <div>
          <h1 tabIndex={-1} ref={focus ? focusOnArrival : null}>
            {me.name || me.email || texts.signedIn}
          </h1>
          {me.name && me.email && <p className="email">{me.email}</p>}
          {me.sessionExpiresAt && (
            <p className="expiry">
              {texts.validUntil} <time dateTime={me.sessionExpiresAt}>{moment(me.sessionExpiresAt)}</time>
            </p>
          )}
        </div>
        <button type="button" className="button secondary" onClick={onSignOut}>
          {texts.signOut}
        </button>
      </section>
      <section aria-labelledby={accountsHeading}>
        <h2 id={accountsHeading} tabIndex={-1}>
          {texts.accounts}
        </h2>
        {accounts.length === 0 ? (
          <p className="empty">{texts.noAccounts}</p>
        ) : (
          <ul className="cards">
            {accounts.map((account) => (
              <AccountCard
                key={account.id}
                account={account}
                listing={subscriptions.of(account.id)}
                onRetry={() => {
                  moveFocus(headingId(account.id));
                  subscriptions.retry(account.id);
                }}
                onDisconnected={(left) => onDisconnected(account.id, left)}
              />
            ))}
          </ul>
        )}
      </section>
      <ConnectAccount onConnected={(id) => moveFocus(headingId(id))} />
    </>
  );
}

/** Gives the focus to the element with an id, as soon as it is on show. */
function useFocusMove(accounts: Account[]): (elementId: string) => void {
  const [wanted, setWanted] = useState<string>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: an account that is new brings its heading along
  useEffect(() => {
    const element = wanted && document.getElementById(wanted);
    if (!element) return;
    element.focus();
    setWanted(undefined);
  }, [wanted, accounts]);
  return setWanted;
}
