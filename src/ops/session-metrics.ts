import type { BrowserSession } from '../session/browser-session.ts';
import type { SessionStore } from '../session/session-store.ts';
import type { Metrics } from './metrics.ts';

/** The same session, whose beginning and end are counted. A sign-out of nobody ends no session. */
export function countedSession(session: BrowserSession, metrics: Metrics): BrowserSession {
  return {
    ...session,
    async start(data) {
      await session.start(data);
      metrics.sessionsStarted.inc();
    },
    async end() {
      const exists = session.expiresAt() !== undefined;
      await session.end();
      if (exists) metrics.sessionsEnded.inc();
    },
  };
}

/** The same store, all of whose calls are timed: also those of members that only some stores have. */
export function timedStore(store: SessionStore, metrics: Metrics): SessionStore {
  return new Proxy(store, {
    get(target, operation) {
      const member: unknown = Reflect.get(target, operation);
      if (typeof member !== 'function') return member;
      return (...given: unknown[]) => {
        const startedAt = performance.now();
        const note = (outcome: string) =>
          metrics.storeSeconds.observe(
            { operation: String(operation), outcome },
            (performance.now() - startedAt) / 1000,
          );
        const answer: unknown = Reflect.apply(member, target, given);
        if (answer instanceof Promise)
          answer.then(
            () => note('ok'),
            () => note('failed'),
          );
        else note('ok');
        return answer;
      };
    },
  });
}
