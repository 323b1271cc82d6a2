import type { Contestant, RunningContestant, StoreChoice } from './contestant.ts';
import type { ExpectedAnswer } from './load-answer.ts';
import type { Load, Sample } from './load-run.ts';
import { type Operation, type OperationName, operationsNamed, requestBytes } from './operations.ts';
import { expectedAnswers } from './same-answers.ts';
import type { Bench } from './section.ts';
import { createWorkFolder } from './work-folder.ts';

/** A server that is up, and known to give the right answers. */
export type Entrant = {
  contestant: Contestant;
  running: RunningContestant;
  /** What the load generator needs for each operation, but for how long. */
  loads: ReadonlyMap<OperationName, Omit<Load, 'seconds'>>;
};

export type Entrants = AsyncDisposable & {
  list: readonly Entrant[];
  /** Starts one more; undefined when the machine lacks what it takes. */
  add(contestant: Contestant): Promise<Entrant | undefined>;
};

/** Of one server and operation, one sample for each round. */
export type Series = { contestant: Contestant; operation: Operation; samples: Sample[] };

/** Each session has a client of its own: rate limits are per client too. */
const addressOf = (index: number): string => `10.0.${index >> 8}.${index & 255}`;

/** As many as a small front end has open through a proxy. */
const connections = 64;

/** An empty field, to which servers are added; `await using` stops them all. */
export function createEntrants(bench: Bench, store: StoreChoice): Entrants {
  const { sessions, progress } = bench;
  const stack = new AsyncDisposableStack();
  const list: Entrant[] = [];
  return {
    list,
    async add(contestant) {
      if (contestant.missing?.() !== undefined) return undefined;
      progress(`starting ${contestant.name}`);
      const { path: folder } = stack.use(createWorkFolder());
      const running = await contestant.start({ folder, sessions, store });
      stack.use(running.server);
      const loads = new Map<OperationName, Omit<Load, 'seconds'>>();
      for (const operation of operationsNamed(contestant.operations)) {
        try {
          const expected = await expectedAnswers(running, operation, sessions);
          loads.set(operation.name, loadOf(running, operation, expected));
        } catch (error) {
          throw new Error(`${contestant.name} does not answer as the others do. ${error}`);
        }
      }
      const entrant = { contestant, running, loads };
      list.push(entrant);
      return entrant;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function loadOf(
  { server, cookies }: RunningContestant,
  operation: Operation,
  expected: ExpectedAnswer,
): Omit<Load, 'seconds'> {
  const requests = cookies.map((cookie, index) =>
    requestBytes(operation, server.port, { cookie, address: addressOf(index) }),
  );
  return { port: server.port, pid: server.pid, requests, expected, connections };
}

/**
 * Measures every server with every operation that it answers: each is warmed up, and then they take turns, one round
 * of each before the next of any, so that whatever else the machine does hits all alike.
 */
export async function measureInTurn(options: {
  bench: Bench;
  entrants: readonly Entrant[];
  operations: readonly Operation[];
  /** Requests per second of one server; without it, as many as it answers. */
  rateOf?: (entrant: Entrant, operation: Operation) => number;
}): Promise<Series[]> {
  const { bench, entrants, operations, rateOf } = options;
  const rows = operations.flatMap((operation) =>
    entrants
      .filter(({ loads }) => loads.has(operation.name))
      .map((entrant) => ({ entrant, operation, samples: [] as Sample[] })),
  );
  for (const { entrant, operation } of rows) {
    bench.progress(`warming up ${entrant.contestant.name}, ${operation.name}`);
    await warmUp(bench, entrant, operation);
  }
  for (let round = 1; round <= bench.rounds; round++)
    for (const { entrant, operation, samples } of rows) {
      const sample = await runOnce(bench, entrant, operation, {
        seconds: bench.secondsPerRound,
        ...(rateOf && { requestsPerSecond: rateOf(entrant, operation) }),
      });
      samples.push(sample);
      const { cpuMicros, requestsPerSecond, p99Millis } = sample;
      bench.progress(
        `round ${round} of ${bench.rounds}: ${operation.name}, ${entrant.contestant.name}: ${cpuMicros.toFixed(1)} µs, ${requestsPerSecond.toFixed(0)}/s, p99 ${p99Millis.toFixed(2)} ms`,
      );
    }
  return rows.map(({ entrant: { contestant }, operation, samples }) => ({ contestant, operation, samples }));
}

/** How many requests it takes until what is run is compiled, and the most seconds that are waited for them. */
const warmRequests = 30_000;
const mostWarmSeconds = 15;

/** Until a server is as fast as it gets: on a slow machine seconds alone are few requests. */
async function warmUp(bench: Bench, entrant: Entrant, operation: Operation): Promise<void> {
  let requests = 0;
  for (let seconds = 0; seconds < mostWarmSeconds && requests < warmRequests; seconds += bench.warmSeconds)
    requests += (await runOnce(bench, entrant, operation, { seconds: bench.warmSeconds })).requests;
}

/** @throws Error naming the server, when an answer is not as expected */
export async function runOnce(
  { generator }: Bench,
  { contestant, running, loads }: Entrant,
  { name }: Operation,
  how: Pick<Load, 'seconds' | 'requestsPerSecond'>,
): Promise<Sample> {
  const load = loads.get(name);
  if (!load) throw new Error(`${contestant.name} does not answer ${name}`);
  try {
    return await generator.run({ ...load, ...how });
  } catch (error) {
    throw new Error(`${contestant.name}, ${name}: ${error instanceof Error ? error.message : error}`);
  } finally {
    running.server.truncateLog();
  }
}
