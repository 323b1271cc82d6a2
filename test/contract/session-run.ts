import { randomUUID } from 'node:crypto';
import { inspect, isDeepStrictEqual } from 'node:util';
import type { Scheduler } from 'fast-check';
import { GatewayError } from '../../src/errors.ts';
import { recordKey } from '../../src/session/record-key.ts';
import type { GatewaySession } from '../../src/session/session-data.ts';
import type { SessionLimits, SessionRecords } from '../../src/session/session-records.ts';
import type { SessionStore } from '../../src/session/session-store.ts';
import { testSealing } from '../support/sealing.ts';
import { createScheduledNodes, type Work } from './scheduled-nodes.ts';
import {
  changeOf,
  contentOf,
  deadAccount,
  newAccount,
  type SessionBatch,
  type SessionCommand,
  signedInWith,
} from './session-commands.ts';
import {
  endsOf,
  type Happening,
  liveSession,
  type ModelAnswer,
  type ModelRequest,
  type ModelSession,
  type World,
} from './session-model.ts';

export type TestClock = { now(): number; pass(millis: number): void };

const minuteMillis = 60_000;

/** Asks the product what the model is asked. */
export async function answerOf(
  records: SessionRecords,
  request: Exclude<ModelRequest, { kind: 'idle out' }>,
): Promise<ModelAnswer> {
  const { kind, sid } = request;
  switch (kind) {
    case 'sign in':
      return { kind: 'signed in', isNew: await records.create(sid, signedInWith(request.account)) };
    case 'change':
      try {
        const record = await records.update(sid, changeOf(request.change));
        return { kind: 'changed', content: record && contentOf(record.data) };
      } catch (error) {
        if (error instanceof GatewayError && error.code === 'CONFLICT') return { kind: 'gave up' };
        throw error;
      }
    case 'load': {
      const record = await records.load(sid);
      return {
        kind: 'loaded',
        session: record && { ...contentOf(record.data), end: record.expiresAt },
      };
    }
    case 'log out':
      await records.destroy(sid);
      return { kind: 'done' };
  }
}

/**
 * The sessions of two browsers at two nodes, and the model beside them.
 *
 * An id is signed in to once, as in the product, which draws a new one for each sign-in: so what has ended stays so.
 */
export function createSessionRun(options: { store: SessionStore; clock: TestClock; limits: SessionLimits }) {
  const { store, clock, limits } = options;
  const nodeCount = 2;
  const nodes = createScheduledNodes({ store, count: nodeCount, limits, now: clock.now });
  const idleMillis = limits.idleMinutes * minuteMillis;
  const modelLimits = {
    idleMillis,
    absoluteMillis: limits.absoluteHours * 60 * minuteMillis,
    leastExtensionMillis: minuteMillis,
  };
  const newSid = (slot: number) => `slot ${slot} ${randomUUID()}`;
  const slots = [0, 1].map((slot) => ({ sid: newSid(slot), old: newSid(slot) }));
  const ended = new Set<string>();
  let world: World = { now: clock.now(), sessions: new Map() };
  let history: Happening[] = [];
  let steps = 0;

  async function ask(request: ModelRequest, answer: () => Promise<ModelAnswer>): Promise<ModelAnswer> {
    const happening: Happening = {
      request,
      begun: ++steps,
      ended: Number.POSITIVE_INFINITY,
      answer: undefined,
    };
    history.push(happening);
    const given = await answer();
    Object.assign(happening, { answer: given, ended: ++steps });
    return given;
  }

  const askNode = (node: number, request: Exclude<ModelRequest, { kind: 'idle out' }>) =>
    ask(request, () => answerOf(nodes.records(node), request));

  /** As the product does it: whatever is put into the session depends on what was read before. */
  async function refresh(node: number, sid: string, id: string, isDead: boolean): Promise<void> {
    const answer = await askNode(node, { kind: 'load', sid });
    const held = answer.kind === 'loaded' ? answer.session?.accounts : undefined;
    const used = held?.find((account) => account.id === id);
    if (!used?.refresh) return;
    const tokens = isDead ? deadAccount(id) : newAccount(id);
    await askNode(node, { kind: 'change', sid, change: { kind: 'refresh', id, used, tokens } });
  }

  async function obey(command: SessionCommand): Promise<void> {
    if (command.kind === 'crash') {
      nodes.crash(command.node);
      return;
    }
    if (command.kind === 'idle out') {
      await ask({ kind: 'idle out' }, async () => {
        clock.pass(idleMillis);
        return { kind: 'done' };
      });
      return;
    }
    const { node } = command;
    const sid = sidOf(command);
    switch (command.kind) {
      case 'sign in':
        await askNode(node, { kind: 'sign in', sid, account: newAccount('azure:first') });
        break;
      case 'link': {
        const account = newAccount(command.id, command.isOffline);
        await askNode(node, { kind: 'change', sid, change: { kind: 'link', account } });
        break;
      }
      case 'unlink':
        await askNode(node, { kind: 'change', sid, change: { kind: 'unlink', id: command.id } });
        break;
      case 'refresh':
        await refresh(node, sid, command.id, command.isDead);
        break;
      default:
        await askNode(node, { kind: command.kind, sid });
    }
  }

  function sidOf({ slot, isOld }: { slot: number; isOld: boolean }): string {
    const { sid, old } = slots[slot] ?? { sid: '', old: '' };
    return isOld ? old : sid;
  }

  /** Slots whose session has ended get a new id; and a session, where the batch wants one. */
  async function prepare({ minutes, isSignedIn }: SessionBatch): Promise<void> {
    clock.pass(minutes * minuteMillis);
    world = { now: clock.now(), sessions: world.sessions };
    for (const [index, slot] of slots.entries()) {
      if (liveSession(world, slot.sid)) continue;
      ended.add(slot.sid);
      Object.assign(slot, { sid: newSid(index), old: slot.sid });
      if (isSignedIn)
        await askNode(0, { kind: 'sign in', sid: slot.sid, account: newAccount('azure:first') });
    }
    settle();
  }

  /** The model goes where the product is, if one of its ways leads there. */
  function settle(observed: ReadonlyMap<string, ModelSession | undefined> = new Map()): void {
    const isObserved = (end: World) =>
      [...observed].every(([sid, session]) => isDeepStrictEqual(liveSession(end, sid), session));
    const found = endsOf(world, history, modelLimits).find(isObserved);
    if (!found) throw new Error(inexplicable({ world, history, observed }));
    world = found;
    history = [];
  }

  async function observe(sid: string) {
    const stored = await store.get(recordKey('session', sid));
    if (!stored) return undefined;
    const content = testSealing.open('session', sid, stored.value, isStoredSession);
    if (!content) throw new Error(`The record of ${sid} does not open`);
    const { signedInAt, data } = content;
    const session: ModelSession = { signedInAt, end: stored.expiresAt, ...contentOf(data) };
    return { stored, session };
  }

  async function assertEnded(sid: string): Promise<void> {
    if (await store.get(recordKey('session', sid))) throw new Error(`${sid} has ended, and left a record`);
    for (let node = 0; node < nodeCount; node++) {
      if (await nodes.records(node).load(sid)) throw new Error(`${sid} has ended, and is loaded`);
      if (await nodes.records(node).update(sid, (data) => data))
        throw new Error(`${sid} has ended, and is changed`);
    }
  }

  return {
    /** @throws Error when no order of what was acknowledged explains what is there afterwards */
    async live(batch: SessionBatch, scheduler: Scheduler): Promise<void> {
      await prepare(batch);
      const sids = slots.flatMap(({ sid, old }) => [sid, old]);
      const before = new Map<string, Awaited<ReturnType<typeof observe>>>();
      for (const sid of sids) before.set(sid, await observe(sid));

      const commands = onceSignedIn(
        batch.commands,
        ({ slot }) => before.get(slots[slot]?.sid ?? '') !== undefined,
      );
      await nodes.run(
        scheduler,
        commands.map((command): Work => ({ label: inspect(command), run: () => obey(command) })),
      );

      const written = new Set(
        history.flatMap(({ request }) =>
          request.kind === 'change' || request.kind === 'sign in' ? request.sid : [],
        ),
      );
      const observed = new Map<string, ModelSession | undefined>();
      for (const sid of sids) {
        const after = await observe(sid);
        observed.set(sid, after?.session);
        if (!after) continue;
        const { signedInAt, end } = after.session;
        if (end > signedInAt + modelLimits.absoluteMillis)
          throw new Error(`${sid} passes the absolute limit`);
        const { value, version } = before.get(sid)?.stored ?? after.stored;
        if (!written.has(sid) && !(version === after.stored.version && value.equals(after.stored.value)))
          throw new Error(`${sid} was written by a request that changes nothing`);
      }
      settle(observed);
      for (const sid of sids) if (before.get(sid) && !liveSession(world, sid)) ended.add(sid);
      for (const sid of ended) await assertEnded(sid);
    },
  };
}

/** The product never gives an id to a second session; a sign-in that would is a load instead. */
function onceSignedIn(
  commands: readonly SessionCommand[],
  isTaken: (at: { slot: number }) => boolean,
): SessionCommand[] {
  const mayEnd = commands.some(({ kind }) => kind === 'log out' || kind === 'idle out');
  const signedIn = new Set<number>();
  return commands.map((command) => {
    if (command.kind !== 'sign in') return command;
    const isSecond = isTaken(command) || signedIn.has(command.slot);
    signedIn.add(command.slot);
    return command.isOld || (isSecond && mayEnd) ? { ...command, kind: 'load' } : command;
  });
}

function inexplicable(what: {
  world: World;
  history: readonly Happening[];
  observed: ReadonlyMap<string, ModelSession | undefined>;
}): string {
  const { world, history, observed } = what;
  const shown = inspect({ before: world, history, observed }, { depth: 8, breakLength: 140 });
  return `No order of what was acknowledged explains what is there afterwards: ${shown}`;
}

function isStoredSession(content: unknown): content is { signedInAt: number; data: GatewaySession } {
  return typeof content === 'object' && content !== null && 'signedInAt' in content && 'data' in content;
}
