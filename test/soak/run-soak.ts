import { createSeededRandom } from '../support/seeded-random.ts';
import { createAsk } from './asking.ts';
import { startSoakClouds } from './clouds.ts';
import { createFaults } from './faults.ts';
import { createLedger, type Interval, type Ledger } from './ledger.ts';
import { pause } from './pause.ts';
import { type Sample, sampleGateway } from './sampling.ts';
import { type SoakedGateway, startSoakedGateway } from './soaked-gateway.ts';
import { runTraffic } from './traffic.ts';

/** `faultMs` and `calmMs`: how long each fault is on, and about how long nothing is wrong between two of a target. */
export type SoakOptions = {
  durationMs: number;
  seed: number;
  faultMs: number;
  calmMs: number;
  /** Whether all that has to occur has; until then it goes on, for at most four times its time. */
  isEnough?(soFar: Pick<Soak, 'ledger' | 'faultsMet'>): boolean;
  /** Ends it early. */
  interrupted?: AbortSignal;
  /** Hears of every sample, with what happened since the one before. */
  sampled?(look: Look): void;
};

/** One look at the process, and the traffic up to it. */
export type Look = { sample: Sample; interval: Interval };

export type Soak = { looks: Look[]; ledger: Ledger; faultsMet: Map<string, number> };

const sampleEveryMs = 5000;

/** Garbage is collected before every third sample, and has been so many milliseconds after the signal. */
const samplesPerCollection = 3;
const collectionMillis = 300;

/** How long the gateway may take from SIGTERM to its end, in milliseconds (contract, section 6). */
const stopMillis = 10_000;

/**
 * Runs a gateway under mixed traffic, with faults of the clouds, and looks at its process all the time. Ends early
 * when the gateway does. Everything that is not as it should be is a failure in the ledger.
 */
export async function runSoak(options: SoakOptions): Promise<Soak> {
  const { durationMs, seed, isEnough = () => true, interrupted, sampled } = options;
  await using clouds = await startSoakClouds();
  await using gateway = await startSoakedGateway(clouds);

  const ledger = createLedger();
  const faults = createFaults(clouds, createSeededRandom(seed));
  const ask = createAsk({ ledger, faults, logOf: gateway.logOf });
  const stopping = new AbortController();
  const stopped = stopping.signal;
  const startedAt = performance.now();
  const time = setInterval(() => {
    const elapsedMs = performance.now() - startedAt;
    const isOver = elapsedMs >= durationMs && isEnough({ ledger, faultsMet: faults.met() });
    if (isOver || elapsedMs >= 4 * durationMs) stopping.abort();
  }, 100);
  void gateway.ended.then(() => stopping.abort());
  interrupted?.addEventListener('abort', () => stopping.abort(), { once: true });

  const looks: Look[] = [];
  const broken = (error: unknown) => ledger.fail(`the traffic itself: ${error}`);
  async function lookEvery5Seconds(): Promise<void> {
    for (let at = sampleEveryMs; ; at += sampleEveryMs) {
      await pause(startedAt + at - performance.now(), stopped);
      if (stopped.aborted && performance.now() - startedAt < at) return;
      if (looks.length % samplesPerCollection === 0) {
        gateway.collectGarbage();
        await pause(collectionMillis, stopped);
      }
      const sample = await sampleGateway(gateway, performance.now() - startedAt);
      const look = { sample, interval: ledger.takeInterval() };
      looks.push(look);
      sampled?.(look);
    }
  }
  await Promise.all([
    runTraffic({ url: gateway.url, ask, stopped, seed, broken }),
    faults.run({ ...options, stopped }),
    lookEvery5Seconds().catch(broken),
  ]);
  clearInterval(time);
  addTo(looks.at(-1)?.interval, ledger.takeInterval());
  await end(gateway, ledger);
  return { looks, ledger, faultsMet: faults.met() };
}

/** What was still under way when the time was over belongs to the last interval. */
function addTo(last: Interval | undefined, late: Interval): void {
  if (!last) return;
  last.requests += late.requests;
  last.faults += late.faults;
  last.unexpected += late.unexpected;
  last.ownMillis.push(...late.ownMillis);
}

/** Ends the gateway as an operator does. */
async function end(gateway: SoakedGateway, ledger: Ledger): Promise<void> {
  gateway.stop();
  const late = setTimeout(() => void gateway[Symbol.asyncDispose](), stopMillis + 2000);
  const { code, signal } = await gateway.ended;
  clearTimeout(late);
  if (code !== 0) ledger.fail(`the gateway ended with ${code ?? signal}, and not with 0 at SIGTERM`);
  for (const line of gateway.complaints) ledger.fail(`the gateway wrote: ${line.slice(0, 1000)}`);
}
