/** What is certain of an account: it is there, it is gone, or, its change unanswered, it is either. */
export type Certainty = 'there' | 'gone' | 'either';

/** What a gateway says of a session. */
export type Observed = { loggedIn: boolean; name: string | null; accounts: string[] };

type Session = { cookie: string; name: string; endIsUnanswered: boolean; accounts: Map<string, Certainty> };

/** What the answers to one browser have promised it. A change is noted before it is asked for, and once answered. */
export type SessionLedger = {
  /** The session that the browser has, as far as it knows. */
  session(): Session | undefined;
  /** The cookies of sessions that have ended, oldest first. */
  ended: string[];
  started(session: { cookie: string; name: string; account: string }): void;
  /** Notes that an account is about to come or go; call the result when the gateway has said that it did. */
  changing(account: string, to: 'there' | 'gone'): () => void;
  /** Notes that the session is about to end; call the result when the gateway has said that it did. */
  ending(): () => void;
  /**
   * Where what a gateway shows breaks a promise. What was either way is certain from now on: it may not change
   * again by itself.
   */
  contradictions(observed: Observed): string[];
};

export function createSessionLedger(): SessionLedger {
  let session: Session | undefined;
  const ended: string[] = [];

  function end(): void {
    if (session) ended.push(session.cookie);
    session = undefined;
  }

  function accountContradictions(promised: Map<string, Certainty>, shown: string[]): string[] {
    const lost = [...promised].filter(([id, certainty]) => certainty === 'there' && !shown.includes(id));
    const back = shown.filter((id) => (promised.get(id) ?? 'gone') === 'gone');
    const twice = shown.filter((id, index) => shown.indexOf(id) !== index);
    return [
      ...lost.map(([id]) => `${id} was connected and is lost`),
      ...back.map((id) => `${id} was not connected, or disconnected, and is there`),
      ...twice.map((id) => `${id} is there twice`),
    ];
  }

  return {
    session: () => session,
    ended,

    started({ cookie, name, account }) {
      session = { cookie, name, endIsUnanswered: false, accounts: new Map([[account, 'there']]) };
    },

    changing(account, to) {
      const changed = session?.accounts;
      if (changed && changed.get(account) !== to) changed.set(account, 'either');
      return () => changed?.set(account, to);
    },

    ending() {
      if (session) session.endIsUnanswered = true;
      return end;
    },

    contradictions({ loggedIn, name, accounts }) {
      if (!session) return loggedIn ? ['a browser without a session is signed in'] : [];
      if (!loggedIn) {
        const mayBeOver = session.endIsUnanswered;
        const { name: whose } = session;
        end();
        return mayBeOver ? [] : [`the session of ${whose} is lost`];
      }
      const found = accountContradictions(session.accounts, accounts);
      if (name !== session.name) found.push(`${session.name} has become ${name}`);
      session.endIsUnanswered = false;
      session.accounts = new Map(accounts.map((id) => [id, 'there']));
      return found;
    },
  };
}
