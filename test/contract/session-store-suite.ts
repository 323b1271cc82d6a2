import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SessionStore } from '../../src/session/session-store.ts';

const value = (text: string) => Buffer.from(text);

/** What every session store must do; `open` opens the same one each time, at the time that `now` tells. */
export function describeSessionStore(name: string, open: (now: () => number) => Promise<SessionStore>): void {
  describe(`the ${name} session store`, () => {
    let store: SessionStore;
    let now: number;
    let key: string;
    beforeEach(async () => {
      now = 1_000_000_000;
      key = `session:${randomUUID()}`;
      store = await open(() => now);
    });
    afterEach(() => store.close());

    it('gives back what was created', async () => {
      expect(await store.get(key)).toBeUndefined();
      expect(await store.create(key, value('one'), now + 100_000)).toBe(true);
      expect(await store.get(key)).toEqual({
        value: value('one'),
        version: expect.any(Number),
        expiresAt: now + 100_000,
      });
    });

    it('keeps bytes as they are', async () => {
      const bytes = Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 256));
      await store.create(key, bytes, now + 100_000, 'owner');
      const stored = await store.get(key);
      expect(stored?.value.equals(bytes)).toBe(true);
      await store.compareAndSet(key, stored?.version ?? 0, bytes.reverse());
      expect((await store.get(key))?.value.equals(bytes)).toBe(true);
    });

    describe('told what the caller holds', () => {
      const held = async () => {
        await store.create(key, value('one'), now + 100_000, 'owner');
        return store.get(key);
      };

      it('answers that very record while nothing has changed', async () => {
        const record = await held();
        expect(record).toBeDefined();
        expect(await store.get(key, record)).toBe(record);
      });

      it('and while others have', async () => {
        const record = await held();
        for (let at = 0; at < 5; at++)
          await store.create(`session:${randomUUID()}`, value(`${at}`), now + 100_000);
        const after = await store.get(key, record);
        expect(after).toEqual(record);
        expect(after?.value).toBe(record?.value);
        expect(await store.get(key, after)).toBe(after);
      });

      it('answers the very value when it lives longer', async () => {
        const record = await held();
        await store.extend(key, now + 900_000);
        const after = await store.get(key, record);
        expect(after).toEqual({ ...record, expiresAt: now + 900_000 });
        expect(after?.value).toBe(record?.value);
      });

      it('answers what was written since', async () => {
        const record = await held();
        await store.compareAndSet(key, record?.version ?? 0, value('two'));
        expect(await store.get(key, record)).toMatchObject({ value: value('two') });
      });

      it('answers what was created since in its place', async () => {
        const record = await held();
        await store.destroy(key);
        expect(await store.get(key, record)).toBeUndefined();
        await store.create(key, value('new'), now + 500_000);
        expect(await store.get(key, record)).toMatchObject({ value: value('new'), expiresAt: now + 500_000 });
      });

      it('answers nothing once its time is over', async () => {
        const record = await held();
        now += 100_001;
        expect(await store.get(key, record)).toBeUndefined();
      });

      it('answers of another record nothing that it holds', async () => {
        const other = `${key}-other`; // beside it, wherever that is
        await store.create(key, value('one'), now + 100_000);
        await store.create(other, value('other'), now + 200_000);
        const record = await store.get(key);
        expect(await store.get(other, record)).toMatchObject({
          value: value('other'),
          expiresAt: now + 200_000,
        });
      });
    });

    it('does not create over a record that exists', async () => {
      await store.create(key, value('one'), now + 100_000);
      expect(await store.create(key, value('two'), now + 900_000)).toBe(false);
      expect(await store.get(key)).toMatchObject({ value: value('one'), expiresAt: now + 100_000 });
    });

    it('creates once: of many callers one is told that it did', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, index) => store.create(key, value(`${index}`), now + 100_000)),
      );
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      expect((await store.get(key))?.value).toEqual(value(`${outcomes.indexOf(true)}`));
    });

    it('compares and sets: of two writers with the same version one wins', async () => {
      await store.create(key, value('one'), now + 100_000);
      const version = (await store.get(key))?.version ?? 0;
      const outcomes = await Promise.all([
        store.compareAndSet(key, version, value('two')),
        store.compareAndSet(key, version, value('three')),
      ]);
      expect([...outcomes].sort()).toEqual([false, true]);
      expect(await store.get(key)).toMatchObject({
        value: value(outcomes[0] ? 'two' : 'three'),
        expiresAt: now + 100_000,
      });
      expect((await store.get(key))?.version).not.toBe(version);
    });

    it('never brings a destroyed record back', async () => {
      await store.create(key, value('one'), now + 100_000);
      const version = (await store.get(key))?.version ?? 0;
      expect(await store.destroy(key)).toBe(true);
      expect(await store.compareAndSet(key, version, value('two'))).toBe(false);
      expect(await store.extend(key, now + 900_000)).toBe(false);
      expect(await store.get(key)).toBeUndefined();
    });

    it('destroys once: of many callers one is told that it was there', async () => {
      await store.create(key, value('one'), now + 100_000);
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => store.destroy(key)));
      expect(outcomes.filter(Boolean)).toHaveLength(1);
    });

    it('extends a life without touching value and version', async () => {
      await store.create(key, value('one'), now + 100_000);
      const before = await store.get(key);
      expect(await store.extend(key, now + 900_000)).toBe(true);
      expect(await store.get(key)).toEqual({ ...before, expiresAt: now + 900_000 });
      now += 500_000;
      expect(await store.get(key)).toEqual({ ...before, expiresAt: now + 400_000 });
    });

    it('never moves an end back', async () => {
      await store.create(key, value('one'), now + 900_000);
      expect(await store.extend(key, now + 100_000)).toBe(true);
      expect((await store.get(key))?.expiresAt).toBe(now + 900_000);
    });

    it('answers nothing once it is closed, rather than that there is nothing', async () => {
      const closed = await open(() => now);
      await closed.create(key, value('one'), now + 100_000);
      const closing = closed.close();
      const asked = async () => closed.get(key);
      expect(await asked().catch(() => 'refused')).toBeDefined();
      await closing;
      await expect(asked()).rejects.toThrow();
    });

    it('has no record past its expiry, and takes the key again', async () => {
      await store.create(key, value('one'), now + 100_000);
      now += 100_000;
      expect(await store.get(key)).toBeUndefined();
      expect(await store.extend(key, now + 900_000)).toBe(false);
      expect(await store.compareAndSet(key, 1, value('two'))).toBe(false);
      expect(await store.destroy(key)).toBe(false);
      await store.create(key, value('two'), now + 100_000);
      now += 100_000;
      expect(await store.create(key, value('three'), now + 100_000)).toBe(true);
      expect((await store.get(key))?.value).toEqual(value('three'));
    });

    it('reads at once what another process has written', async () => {
      const other = await open(() => now);
      try {
        for (let round = 0; round < 50; round++) {
          await other.create(key, value('one'), now + 100_000);
          const stored = await store.get(key);
          expect(stored?.value).toEqual(value('one'));
          await other.compareAndSet(key, stored?.version ?? 0, value('two'));
          expect((await store.get(key))?.value).toEqual(value('two'));
          await other.destroy(key);
          expect(await store.get(key)).toBeUndefined();
        }
      } finally {
        await other.close();
      }
    });

    it('keeps records over a close and an open', async () => {
      await store.create(key, value('one'), now + 100_000);
      await store.close();
      store = await open(() => now);
      expect(await store.get(key)).toMatchObject({ value: value('one') });
    });

    it('says that it answers', async () => {
      await expect(store.ping()).resolves.toBeUndefined();
    });
  });
}
