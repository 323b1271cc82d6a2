import { askJson, messageOf } from './ask.ts';

/** Who is signed in in this browser; `undefined` until the gateway has said so. */
export type Person = { signedIn: true; name: string | null } | { signedIn: false };

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

/**
 * Reads and ends the session by the original REST paths: they answer also where every GraphQL operation has to be
 * registered, and where those that are not are logged.
 */
export function createSession(): Session {
  let state: SessionState = { person: undefined, fault: undefined, departures: 0 };
  let asked = 0;
  const listeners = new Set<() => void>();

  function set(change: Partial<SessionState>): void {
    const { person } = { ...state, ...change };
    const departures = state.departures + (hasGone(state.person, person) ? 1 : 0);
    state = { ...state, ...change, departures };
    for (const listener of listeners) listener();
  }

  async function refresh(): Promise<void> {
    const turn = ++asked;
    const answer = await askJson('/api/user');
    // A later question knows better.
    if (turn !== asked) return;
    if (answer.ok) set({ person: personIn(answer.body), fault: undefined });
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
      const answer = await askJson('/api/logout');
      await refresh();
      if (!answer.ok) set({ fault: messageOf(answer) });
    },
  };
}

const hasGone = (before: Person | undefined, now: Person | undefined): boolean =>
  before?.signedIn === true && !(now?.signedIn === true && now.name === before.name);

function personIn({ logged_in: signedIn, name }: Record<string, unknown>): Person {
  if (signedIn !== true) return { signedIn: false };
  return { signedIn, name: typeof name === 'string' ? name : null };
}
