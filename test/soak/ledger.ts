/** What the traffic consists of. Each has to occur in a run. */
export const kinds = [
  'sign-in begun',
  'sign-in finished',
  'sign-in cancelled',
  'sign-in left unfinished',
  'me by GraphQL',
  'me by REST',
  'accounts by REST',
  'subscriptions by GraphQL',
  'subscriptions by REST',
  'AWS configuration',
  'AWS role connected',
  'AWS role too open',
  'AWS role refused',
  'account disconnected',
  'logout',
  'anonymous read',
  'bad request',
  'bad cookie',
  'client that hangs up',
  'slow sender',
  'sender that never ends',
  'idle connection',
] as const;
export type Kind = (typeof kinds)[number];

/** A request and how it was answered; `ownMillis` where nothing upstream was asked for it. */
export type Entry = {
  kind: Kind;
  outcome: 'as expected' | 'fault' | 'unexpected';
  ownMillis: number | undefined;
};

/** What happened between two looks at the ledger. Times are those of requests that ask nothing upstream. */
export type Interval = { requests: number; faults: number; unexpected: number; ownMillis: number[] };

export type Ledger = {
  note(entry: Entry): void;
  /** Anything that went wrong, told with its request and its answer. */
  fail(text: string): void;
  /** What was noted since the last call. */
  takeInterval(): Interval;
  count(kind: Kind): number;
  failures: { count: number; first: string[] };
};

/** How many failures are kept with their texts. */
const mostFailures = 10;

/** Counts what the traffic meets. */
export function createLedger(): Ledger {
  const counts = new Map<Kind, number>();
  const failures: Ledger['failures'] = { count: 0, first: [] };
  const emptyInterval = (): Interval => ({ requests: 0, faults: 0, unexpected: 0, ownMillis: [] });
  let interval = emptyInterval();
  return {
    note({ kind, outcome, ownMillis }) {
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      interval.requests += 1;
      if (outcome === 'fault') interval.faults += 1;
      if (ownMillis !== undefined && outcome === 'as expected') interval.ownMillis.push(ownMillis);
    },
    fail(text) {
      failures.count += 1;
      interval.unexpected += 1;
      if (failures.first.length < mostFailures) failures.first.push(text);
    },
    takeInterval() {
      const taken = interval;
      interval = emptyInterval();
      return taken;
    },
    count: (kind) => counts.get(kind) ?? 0,
    failures,
  };
}
