import { setImmediate as macrotask } from 'node:timers/promises';
import type { Scheduler } from 'fast-check';
import type { Eventual } from '../../src/eventual.ts';
import {
  createSessionRecords,
  type SessionLimits,
  type SessionRecords,
} from '../../src/session/session-records.ts';
import type { SessionStore } from '../../src/session/session-store.ts';
import { testSealing } from '../support/sealing.ts';

/** Something that a client asks of a node; `label` is what a counterexample calls it. */
export type Work = { label: string; run(): Promise<void> };

/** Gateways without HTTP: session records of their own over one store, each step of which a scheduler allows. */
export type ScheduledNodes = {
  records(node: number): SessionRecords;
  /** What a node has in flight never goes on, as after SIGKILL; a new one is in its place at once. */
  crash(node: number): void;
  /**
   * Runs works side by side until each is done or dead. The scheduler says which of them goes on whenever one of
   * them begins, is about to call the store, or is about to see the store's answer. Outside of this nodes run freely.
   *
   * @throws what the first failing work threw
   */
  run(scheduler: Scheduler, works: readonly Work[]): Promise<void>;
};

type Node = { isAlive: boolean; records: SessionRecords };

const forever = new Promise<never>(() => {});

export function createScheduledNodes(options: {
  store: SessionStore;
  count: number;
  limits: SessionLimits;
  now: () => number;
}): ScheduledNodes {
  const { store, count, limits, now } = options;
  let scheduler: Scheduler | undefined;
  let storeCall: Promise<unknown> | undefined;
  const nodes = Array.from({ length: count }, (_, index) => startNode(index));

  const turn = (label: string): Promise<void> | undefined =>
    scheduler?.schedule(Promise.resolve(undefined), label);

  function startNode(index: number): Node {
    const isAlive = () => node.isAlive;

    const through =
      <A extends unknown[], R>(name: string, call: (...args: A) => Eventual<R>) =>
      async (...args: A): Promise<R> => {
        await turn(`node ${index} calls ${name}`);
        if (!isAlive()) return forever;
        const answer = Promise.resolve(call(...args));
        storeCall = answer;
        const result = await answer;
        await turn(`node ${index} sees ${name}`);
        return isAlive() ? result : forever;
      };

    const scheduled: SessionStore = {
      get: through('get', store.get),
      create: through('create', store.create),
      compareAndSet: through('compareAndSet', store.compareAndSet),
      extend: through('extend', store.extend),
      destroy: through('destroy', store.destroy),
      ping: store.ping,
      close: store.close,
    };
    const records = createSessionRecords({ store: scheduled, sealing: testSealing, limits, now });
    const node: Node = { isAlive: true, records };
    return node;
  }

  /** Until nothing goes on by itself: the store has answered, and whoever waited for it has come to its next turn. */
  async function untilQuiet(): Promise<void> {
    while (storeCall) {
      const answer = storeCall;
      await answer.catch(() => undefined);
      if (storeCall === answer) storeCall = undefined;
      await macrotask();
    }
    await macrotask();
  }

  return {
    records(index) {
      const node = nodes[index];
      if (!node) throw new Error(`There is no node ${index}`);
      return node.records;
    },

    crash(index) {
      const node = nodes[index];
      if (node) node.isAlive = false;
      nodes[index] = startNode(index);
    },

    async run(by, works) {
      scheduler = by;
      const failures: unknown[] = [];
      for (const { label, run } of works)
        void Promise.resolve(turn(label))
          .then(run)
          .catch((error: unknown) => failures.push(error));
      await untilQuiet();
      while (by.count() > 0) {
        await by.waitNext(1);
        await untilQuiet();
      }
      scheduler = undefined;
      if (failures.length > 0) throw failures[0];
    },
  };
}
