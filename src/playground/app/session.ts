import { print } from 'graphql';
import {
  ConsoleDocument,
  ConsoleLogoutDocument,
  type ConsoleQuery,
} from '../../console/generated/graphql.ts';
import { type Answer, askGraphql, messageOf } from './ask.ts';

/** Who is signed in in this browser; `undefined` until the gateway has said so. */
export type Person = { signedIn: true; name: string | null; email: string | null } | { signedIn: false };

export type SessionState = {
  person: Person | undefined;
  /** Why the gateway could not be asked, or did not sign out. */
  fault: string | undefined;
  /** How often somebody has gone: what was shown before the last time is not for whoever sits here now. */
  departures: number;
};

/** Follows the session of the browser, which changes in more ways than this page can see. */
export type Session = {
  state(): SessionState;
  /** Calls `listener` after each change; returns what ends that. */
  subscribe(listener: () => void): () => void;
  /** Never rejects; what goes wrong is in `state().fault`. */
  refresh(): Promise<void>;
  signOut(): Promise<void>;
};

/** The console's own operations: they are answered also where every operation has to be in a manifest. */
const readSession = print(ConsoleDocument);
const endSession = print(ConsoleLogoutDocument);

/** The longest delay that `setTimeout` keeps; a longer one would fire at once. */
const longestDelayMillis = 2 ** 31 - 1;

/** Reads and ends the session as the console does. */
export function createSession(): Session {
  let state: SessionState = { person: undefined, fault: undefined, departures: 0 };
  let asked = 0;
  let accounts: string[] = [];
  let expiry: ReturnType<typeof setTimeout> | undefined;
  const listeners = new Set<() => void>();

  function set(change: Partial<SessionState>, hasGone = false): void {
    state = { ...state, ...change, departures: state.departures + (hasGone ? 1 : 0) };
    for (const listener of listeners) listener();
  }

  function leave(): void {
    clearTimeout(expiry);
    accounts = [];
    set({ person: { signedIn: false }, fault: undefined }, true);
  }

  function show({ me, accounts: connected }: ConsoleQuery): void {
    const ids = connected.map(({ id }) => id);
    const { name, email } = me;
    const person: Person = me.loggedIn ? { signedIn: true, name, email } : { signedIn: false };
    const isOther = isAnother(state, person) || isDisjoint(accounts, ids);
    accounts = ids;
    clearTimeout(expiry);
    if (me.sessionExpiresAt) expiry = setTimeout(leave, delayUntil(me.sessionExpiresAt));
    set({ person, fault: undefined }, isOther);
  }

  async function refresh(): Promise<void> {
    const turn = ++asked;
    const answer = await askGraphql({ query: readSession });
    // A later question knows better.
    if (turn !== asked) return;
    if (hasData<ConsoleQuery>(answer)) show(answer.body.data);
    else set({ fault: messageOf(answer) });
  }

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    refresh,
    async signOut() {
      const answer = await askGraphql({ query: endSession });
      if (hasData(answer)) leave();
      await refresh();
      if (!hasData(answer)) set({ fault: messageOf(answer) });
    },
  };
}

const hasData = <Data>(answer: Answer): answer is Answer & { body: { data: Data } } =>
  typeof answer.body.data === 'object' && answer.body.data !== null;

/** Whether the person of before has gone. After a failure nobody knows who it was. */
function isAnother({ person: before, fault }: SessionState, now: Person): boolean {
  if (!before) return fault !== undefined;
  if (!before.signedIn) return false;
  return !now.signedIn || now.name !== before.name || now.email !== before.email;
}

/** Two people may have one name, or none. Nobody disconnects all accounts and connects others between two answers. */
const isDisjoint = (before: string[], now: string[]): boolean =>
  before.length > 0 && now.length > 0 && !before.some((id) => now.includes(id));

/** What a session that is over by this clock, and not by the gateway's, says is that the clock is wrong. */
function delayUntil(moment: string): number {
  const delayMillis = new Date(moment).getTime() - Date.now();
  return delayMillis > 0 ? Math.min(delayMillis, longestDelayMillis) : longestDelayMillis;
}
