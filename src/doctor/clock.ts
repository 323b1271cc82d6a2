import type { Check } from './check.ts';

/** How far our clock may be off, in milliseconds: id tokens and AWS's signatures are checked against it. */
const mostMillis = 60_000;

/** Compares our clock with the `Date` of the providers' answers. */
export const clockCheck: Check = {
  title: 'Clock',
  async run({ providers, documents }) {
    const read = await Promise.allSettled(providers.map((provider) => documents.read(provider)));
    const ahead = read.flatMap((each) => (each.status === 'fulfilled' ? (each.value.aheadMillis ?? []) : []));
    const [least] = ahead.sort((a, b) => Math.abs(a) - Math.abs(b));
    if (least === undefined) return { looked: 'no provider has told the time', untold: true };
    const seconds = Math.round(Math.abs(least) / 1000);
    if (Math.abs(least) <= mostMillis)
      return { looked: `as the providers', within ${Math.max(seconds, 1)} s` };
    const problem = `the clock of this machine is ${seconds} s ${least > 0 ? 'behind' : 'ahead of'} the providers': tokens count as expired or not yet valid, and AWS refuses signatures`;
    const mend =
      'set it, and have it kept right: timedatectl set-ntp true (a container has the clock of its host)';
    return { looked: new Date().toISOString(), faults: [{ problem, mend }] };
  },
};
