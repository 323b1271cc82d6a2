import type { EndpointName, Fault } from '../../src/sandbox/endpoint-gate.ts';
import type { SeededRandom } from '../support/seeded-random.ts';
import type { SoakClouds } from './clouds.ts';
import { pause } from './pause.ts';

/** What can fail upstream, each on its own. The two of Azure are asked together: see `azure`. */
export const targets = ['azure listing', 'azure sign-in', 'google sign-in', 'aws'] as const;
export type Target = (typeof targets)[number];

/** What a sign-in with Azure and a listing ask: the first lists the subscriptions, the second needs a token. */
export const azure: Target[] = ['azure listing', 'azure sign-in'];

/** How it fails. */
export const manners = ['500', 'cut', 'garbage', 'hang'] as const;
export type Manner = (typeof manners)[number];

const endpoints: Record<Target, EndpointName[]> = {
  'azure listing': ['arm.subscriptions', 'azure.token.client_credentials'],
  'azure sign-in': ['azure.discovery', 'azure.keys', 'azure.token.authorization_code'],
  'google sign-in': ['google.discovery', 'google.keys', 'google.token.authorization_code'],
  aws: ['aws.sts.AssumeRole', 'aws.sts.GetCallerIdentity'],
};

const faults: Record<Manner, Fault> = {
  '500': { status: 500, body: { error: 'told to fail' } },
  cut: { cut: true },
  garbage: { status: 200, body: '<!doctype html><h1>Welcome</h1>', headers: { 'Content-Type': 'text/html' } },
  hang: { delayMs: 60_000 }, // longer than any deadline of the gateway
};

/** How a listing fails (contract, section 5). */
const listingCodes: Record<Manner, string> = {
  '500': 'AZURE_UNAVAILABLE',
  cut: 'AZURE_UNAVAILABLE',
  garbage: 'AZURE_BAD_RESPONSE',
  hang: 'AZURE_TIMEOUT',
};

/** The codes that a target fails with. A tenant's metadata is read for sign-ins and for the app's own token alike. */
function codesOf(target: Target, manner: Manner): string[] {
  if (target === 'aws') return ['AWS_UNAVAILABLE'];
  if (target === 'google sign-in') return ['SIGN_IN_FAILED'];
  return target === 'azure listing' ? [listingCodes[manner]] : ['SIGN_IN_FAILED', listingCodes[manner]];
}

/**
 * How long after its end a fault may still be met, in milliseconds. Others may wait for the request that hangs until
 * its deadline of at most ten seconds: the listings of a tenant share one for the token.
 */
const aftermathMillis: Record<Manner, number> = { '500': 1000, cut: 1000, garbage: 1000, hang: 11_000 };

type Episode = { target: Target; manner: Manner; from: number; to: number };

export type Faults = {
  /** Lets targets fail, one manner after the other, with calm between, until `stopped`. */
  run(options: { faultMs: number; calmMs: number; stopped: AbortSignal }): Promise<void>;
  /** Whether a fault that was on explains these codes of a request that went upstream; it counts as met then. */
  explain(request: {
    asked: readonly Target[];
    codes: string[];
    startedAt: number;
    endedAt: number;
  }): boolean;
  /** The faults that a request may have met, whatever it was answered: for its failure's text. */
  during(request: { startedAt: number; endedAt: number }): string[];
  /** How many requests met each fault: `aws hang`. */
  met(): Map<string, number>;
};

const isDuring = ({ manner, from, to }: Episode, request: { startedAt: number; endedAt: number }): boolean =>
  from <= request.endedAt && to + aftermathMillis[manner] >= request.startedAt;

/** Times are milliseconds of `performance.now()`. */
export function createFaults(clouds: SoakClouds, random: SeededRandom): Faults {
  const episodes: Episode[] = [];
  const met = new Map(targets.flatMap((target) => manners.map((manner) => [`${target} ${manner}`, 0])));
  const on = new Map<EndpointName, Fault>();

  /** For its time, and until somebody has met it. */
  async function fail(episode: Episode, options: { faultMs: number; stopped: AbortSignal }): Promise<void> {
    const { target, manner } = episode;
    const calls = async () => {
      const counts = await clouds.setFaults([...on]);
      return endpoints[target].reduce((sum, endpoint) => sum + (counts.get(endpoint) ?? 0), 0);
    };
    episodes.push(episode);
    for (const endpoint of endpoints[target]) on.set(endpoint, faults[manner]);
    const before = await calls();
    do await pause(options.faultMs, options.stopped);
    while (!options.stopped.aborted && (await calls()) === before);
    for (const endpoint of endpoints[target]) on.delete(endpoint);
    await clouds.setFaults([...on]);
    episode.to = performance.now();
  }

  return {
    async run({ faultMs, calmMs, stopped }) {
      // Each begins with another manner, so that there is some of everything from the start.
      const failing = targets.map(async (target, first) => {
        for (let round = first; !stopped.aborted; round++) {
          await pause(random.integer(calmMs / 2, calmMs * 1.5), stopped);
          if (stopped.aborted) return;
          const manner = manners[round % manners.length] ?? 'hang';
          const from = performance.now();
          await fail({ target, manner, from, to: Number.POSITIVE_INFINITY }, { faultMs, stopped });
        }
      });
      await Promise.all(failing);
    },

    during: (request) =>
      episodes
        .filter((episode) => isDuring(episode, request))
        .map(({ target, manner }) => `${target} ${manner}`),

    explain({ asked, codes, ...request }) {
      const explains = (episode: Episode, code: string) =>
        asked.includes(episode.target) &&
        isDuring(episode, request) &&
        codesOf(episode.target, episode.manner).includes(code);
      const reasons = codes.map((code) => episodes.findLast((episode) => explains(episode, code)));
      if (reasons.length === 0 || reasons.includes(undefined)) return false;
      for (const episode of new Set(reasons)) {
        if (!episode) continue;
        const name = `${episode.target} ${episode.manner}`;
        met.set(name, (met.get(name) ?? 0) + 1);
      }
      return true;
    },

    met: () => met,
  };
}
