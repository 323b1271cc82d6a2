import { randomUUID } from 'node:crypto';
import fc, { type Scheduler } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionStore } from '../../src/session/session-store.ts';
import { createScheduledNodes, type Work } from './scheduled-nodes.ts';
import { contentOf, newAccount, sessionBatches, signedInWith } from './session-commands.ts';
import { answerOf, createSessionRun } from './session-run.ts';

const limits = { idleMinutes: 60, absoluteHours: 2 };

/**
 * Session records beside a plain model, on a store that lives at the time that `now` tells. fast-check makes up what
 * browsers ask, and in which order the nodes get on with it, and prints both, with a seed, where the two disagree.
 */
export function describeSessionModel(
  name: string,
  open: (now: () => number) => Promise<SessionStore>,
  { runs = 250 } = {},
): void {
  describe(`sessions at several nodes over ${name}`, () => {
    let store: SessionStore;
    let now = Date.UTC(2026, 0, 1);
    const clock = {
      now: () => now,
      pass(millis: number) {
        now += millis;
      },
    };
    beforeAll(async () => {
      store = await open(clock.now);
    });
    afterAll(() => store?.close());

    it('are what some order of the acknowledged requests makes of them, and stay ended once they are', async () => {
      const explained = fc.asyncProperty(sessionBatches, fc.scheduler(), async (batches, scheduler) => {
        const run = createSessionRun({ store, clock, limits });
        for (const batch of batches) await run.live(batch, scheduler);
      });
      await fc.assert(explained, { numRuns: runs });
    });

    it('keep every change that was acknowledged, and nothing of those that gave up', async () => {
      let gaveUp = 0;
      const kept = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const outcome = await manyLinks(scheduler, 8);
        expect(outcome.linked).toEqual(outcome.acknowledged);
        gaveUp += outcome.gaveUp;
      });
      await fc.assert(kept, { numRuns: Math.ceil(runs / 10) });
      expect(gaveUp).toBeGreaterThan(0);
    });

    it('give up on none of the changes of a node that is alone', async () => {
      const kept = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const { gaveUp, linked } = await manyLinks(scheduler, 1);
        expect({ gaveUp, linked: linked.length }).toEqual({ gaveUp: 0, linked: 17 });
      });
      await fc.assert(kept, { numRuns: Math.ceil(runs / 50) });
    });

    /** Links sixteen accounts to one session at once; gives the ids that were acknowledged, and those that it has. */
    async function manyLinks(scheduler: Scheduler, count: number) {
      const nodes = createScheduledNodes({ store, count, limits, now: clock.now });
      const sid = randomUUID();
      await nodes.records(0).create(sid, signedInWith(newAccount('azure:first')));
      const acknowledged = ['azure:first'];
      let gaveUp = 0;
      const works = Array.from({ length: 16 }, (_, index): Work => {
        const account = newAccount(`azure:${index}`);
        const node = index % count;
        return {
          label: `link ${index} at node ${node}`,
          async run() {
            const link = { kind: 'change', sid, change: { kind: 'link', account } } as const;
            const { kind } = await answerOf(nodes.records(node), link);
            if (kind === 'changed') acknowledged.push(account.id);
            else gaveUp += 1;
          },
        };
      });
      await nodes.run(scheduler, works);
      const { data = {} } = (await nodes.records(0).load(sid)) ?? {};
      const linked = contentOf(data).accounts.map(({ id }) => id);
      return { acknowledged: acknowledged.sort(), linked: linked.sort(), gaveUp };
    }
  });
}
