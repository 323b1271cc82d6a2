import { createLatencyHistogram } from './latency-histogram.ts';
import type { ExpectedAnswer } from './load-answer.ts';
import { type LoadConnection, openLoadConnection } from './load-connection.ts';
import { machineCpuMicros, usageOf } from './process-usage.ts';

/** What is to be sent. */
export type Load = {
  port: number;
  /** The server, whose CPU time is taken. */
  pid: number;
  /** One for each session. */
  requests: readonly Buffer[];
  expected: ExpectedAnswer;
  connections: number;
  /** Without a rate: as fast as the connections get their answers. */
  requestsPerSecond?: number;
  seconds: number;
};

/** What came of it. */
export type Sample = {
  requests: number;
  requestsPerSecond: number;
  /** Of the server with its children, per request. */
  cpuMicros: number;
  p50Millis: number;
  p99Millis: number;
  /** How busy a core was, 0 to 1: the server's, and the load generator's. */
  serverBusy: number;
  generatorBusy: number;
  /** How many cores everything else took, which in a quiet machine is next to none. */
  othersBusy: number;
};

/** CPU times in microseconds: of the server, and of all that runs on the machine. */
export type CpuClock = { server(pid: number): number; machine(): number };

const systemClock: CpuClock = { server: (pid) => usageOf(pid).cpuMicros, machine: machineCpuMicros };

/**
 * What is not counted at the start of a run, in milliseconds at least: until all connections are open and in step, and
 * each session has been asked for once. A session that was not for a minute is extended by that, which is a write, and
 * how many of those are due depends on how long the other servers took before.
 */
const settleMillis = 300;

/**
 * Sends one load and measures. Without a rate, each connection sends its next request when it has its answer.
 *
 * With a rate, requests are due at even distances whatever becomes of those before, and a latency is the time from
 * when a request was due, not from when a connection was free for it: a server that stalls is charged for
 * everything that had to wait (what is called coordinated omission is the fault of not doing so).
 *
 * @throws Error at the first answer that is not as expected
 */
export async function runLoad(load: Load, clock = systemClock): Promise<Sample> {
  const { port, requests, expected, requestsPerSecond } = load;
  const failed = Promise.withResolvers<never>();
  let isOver = false;
  let histogram = createLatencyHistogram();
  const startedAt = performance.now();
  let sent = 0;

  const dueAt = (index: number) => startedAt + (index * 1000) / (requestsPerSecond ?? 1);
  const idle: Lane[] = [];
  type Lane = { connection: LoadConnection; since: number };

  function sendNext(lane: Lane): void {
    const now = performance.now();
    if (requestsPerSecond !== undefined && dueAt(sent) > now) {
      idle.push(lane);
      return;
    }
    lane.since = requestsPerSecond === undefined ? now : dueAt(sent);
    lane.connection.send(sent++);
  }

  /**
   * Turns round all the time. A timer would be late by up to a millisecond; and a generator that sleeps has to be woken
   * by the server's write, which in a virtual machine costs that more than the write: the more, the less it has to do.
   */
  function stayAwake(): void {
    while (idle.length > 0 && dueAt(sent) <= performance.now()) {
      const lane = idle.shift();
      if (lane) sendNext(lane);
    }
    if (!isOver) setImmediate(stayAwake);
  }

  const lanes = Array.from({ length: load.connections }, () => {
    const connection = openLoadConnection({
      port,
      requests,
      expected,
      onAnswer() {
        histogram.note(performance.now() - lane.since);
        if (!isOver) sendNext(lane);
      },
      onFailure: failed.reject,
    });
    const lane: Lane = { connection, since: 0 };
    return lane;
  });

  const untilMillis = (millis: number) =>
    Promise.race([failed.promise, new Promise<void>((resolve) => setTimeout(resolve, millis))]);
  try {
    for (const lane of lanes) sendNext(lane);
    stayAwake();
    await untilMillis(settleMillis);
    while (histogram.count() < requests.length) await untilMillis(settleMillis / 10);
    histogram = createLatencyHistogram();
    const before = {
      at: performance.now(),
      server: clock.server(load.pid),
      machine: clock.machine(),
      own: process.cpuUsage(),
    };
    await untilMillis(load.seconds * 1000);
    const own = process.cpuUsage(before.own);
    const ownMicros = own.user + own.system;
    const serverMicros = clock.server(load.pid) - before.server;
    const machineMicros = clock.machine() - before.machine;
    const micros = (performance.now() - before.at) * 1000;
    const answered = histogram.count();
    return {
      requests: answered,
      requestsPerSecond: (answered * 1_000_000) / micros,
      cpuMicros: serverMicros / answered,
      p50Millis: histogram.percentile(0.5),
      p99Millis: histogram.percentile(0.99),
      serverBusy: serverMicros / micros,
      generatorBusy: ownMicros / micros,
      othersBusy: Math.max(0, machineMicros - serverMicros - ownMicros) / micros,
    };
  } finally {
    isOver = true;
    for (const { connection } of lanes) connection.close();
  }
}
