import { isDeepStrictEqual } from 'node:util';

/** An account, as the model knows it: which one, its tokens, and whether they are called dead. */
export type ModelAccount = { id: string; access: string | null; refresh: string | null; isDead: boolean };

/** What a session holds: the bearer token of the first sign-in, for as long as its account is there, and accounts. */
export type ModelContent = { token: string | undefined; accounts: readonly ModelAccount[] };

/** A session. Times are milliseconds since 1970. */
export type ModelSession = ModelContent & { signedInAt: number; end: number };

/** All sessions that there are, by their ids; one past its end is as good as gone. */
export type World = { now: number; sessions: ReadonlyMap<string, ModelSession> };

/** A change of a session's accounts. */
export type ModelChange =
  | { kind: 'link'; account: ModelAccount }
  | { kind: 'unlink'; id: string }
  | { kind: 'refresh'; id: string; used: ModelAccount; tokens: ModelAccount };

/** One thing that was asked of a session, or happened to all of them. */
export type ModelRequest =
  | { kind: 'sign in'; sid: string; account: ModelAccount }
  | { kind: 'change'; sid: string; change: ModelChange }
  | { kind: 'load'; sid: string }
  | { kind: 'log out'; sid: string }
  | { kind: 'idle out' };

/**
 * What was answered. A change that gave up has changed nothing. The end in the answer to a change is left out: it is
 * that of the read before, which a load beside it may have moved.
 */
export type ModelAnswer =
  | { kind: 'signed in'; isNew: boolean }
  | { kind: 'changed'; content: ModelContent | undefined }
  | { kind: 'gave up' }
  | { kind: 'loaded'; session: (ModelContent & { end: number }) | undefined }
  | { kind: 'done' };

/**
 * A request in a history. `begun` and `ended` count steps of the whole history: one that had ended before another
 * began came first. Without an answer its node died, and it may have happened or not.
 */
export type Happening = {
  request: ModelRequest;
  begun: number;
  ended: number;
  answer: ModelAnswer | undefined;
};

export type ModelLimits = { idleMillis: number; absoluteMillis: number; leastExtensionMillis: number };

/**
 * The worlds in which a history may end: one for each serial order of its requests in which every one gets the answer
 * that it got (linearizability, Herlihy and Wing 1990, section 2). None: no order explains it.
 */
export function* endsOf(world: World, history: readonly Happening[], limits: ModelLimits): Generator<World> {
  if (history.every(({ answer }) => answer === undefined)) yield world;
  for (const happening of history) {
    if (history.some(({ ended }) => ended < happening.begun)) continue;
    const next = applied(world, happening.request, limits);
    const isSame = happening.answer === undefined || isDeepStrictEqual(happening.answer, next.answer);
    const others = history.filter((other) => other !== happening);
    if (isSame) yield* endsOf(next.world, others, limits);
    else if (happening.answer?.kind === 'gave up') yield* endsOf(world, others, limits);
  }
}

export const liveSession = ({ sessions, now }: World, sid: string): ModelSession | undefined => {
  const session = sessions.get(sid);
  return session && session.end > now ? session : undefined;
};

function applied(
  world: World,
  request: ModelRequest,
  { idleMillis, absoluteMillis, leastExtensionMillis }: ModelLimits,
): { world: World; answer: ModelAnswer } {
  const { now, sessions } = world;
  if (request.kind === 'idle out')
    return { world: { now: now + idleMillis, sessions }, answer: { kind: 'done' } };

  const { sid } = request;
  const live = liveSession(world, sid);
  const having = (session: ModelSession): World => ({ now, sessions: new Map(sessions).set(sid, session) });

  switch (request.kind) {
    case 'sign in': {
      if (live) return { world, answer: { kind: 'signed in', isNew: false } };
      const { account } = request;
      const end = now + Math.min(idleMillis, absoluteMillis);
      const started = { signedInAt: now, end, token: account.access ?? undefined, accounts: [account] };
      return { world: having(started), answer: { kind: 'signed in', isNew: true } };
    }
    case 'change': {
      if (!live) return { world, answer: { kind: 'changed', content: undefined } };
      const content = changed(live, request.change);
      return { world: having({ ...live, ...content }), answer: { kind: 'changed', content } };
    }
    case 'load': {
      if (!live) return { world, answer: { kind: 'loaded', session: undefined } };
      const later = Math.min(now + idleMillis, live.signedInAt + absoluteMillis);
      const end = later - live.end < leastExtensionMillis ? live.end : later;
      const { token, accounts } = live;
      return {
        world: having({ ...live, end }),
        answer: { kind: 'loaded', session: { token, accounts, end } },
      };
    }
    case 'log out': {
      const left = new Map(sessions);
      left.delete(sid);
      return { world: { now, sessions: left }, answer: { kind: 'done' } };
    }
  }
}

function changed({ token, accounts }: ModelContent, change: ModelChange): ModelContent {
  const first = token === undefined ? undefined : accounts.find(({ access }) => access === token)?.id;
  const after = [...accountsAfter(accounts, change)];
  if (first === undefined) return { token, accounts: after };
  return { token: after.find(({ id }) => id === first)?.access ?? undefined, accounts: after };
}

function accountsAfter(accounts: readonly ModelAccount[], change: ModelChange): readonly ModelAccount[] {
  switch (change.kind) {
    case 'link': {
      const { account } = change;
      const before = accounts.find(({ id }) => id === account.id);
      if (!before) return [...accounts, account];
      const linked = { ...account, refresh: account.refresh ?? before.refresh };
      return accounts.map((other) => (other === before ? linked : other));
    }
    case 'unlink':
      return accounts.filter(({ id }) => id !== change.id);
    case 'refresh': {
      const { id, used, tokens } = change;
      const isUsed = (account: ModelAccount) =>
        account.id === id &&
        account.refresh === used.refresh &&
        (!tokens.isDead || account.access === used.access);
      return accounts.map((account) => (isUsed(account) ? tokens : account));
    }
  }
}
