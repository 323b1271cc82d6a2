import type { SeededRandom } from '../support/seeded-random.ts';
import { type Ask, answerOf, byBrowser } from './asking.ts';
import { azure } from './faults.ts';
import { pause } from './pause.ts';
import { azureIdentities, createPerson, googleIdentities, type Identity, type Person } from './person.ts';
import { beginSignIn, cancelSignIn, leaveSignIn, signIn } from './sign-ins.ts';
import { logout, steps } from './steps.ts';

/** What all of the traffic needs. `stopped`: nothing new is begun; what is under way is finished. */
export type Traffic = { url: string; random: SeededRandom; ask: Ask; stopped: AbortSignal };

const identities = [...azureIdentities, ...googleIdentities];

/**
 * One visit of somebody new: signs in, does everything once, in an order of its own and not without links to further
 * accounts, and signs out or just stays away. `turn` says as whom, so that everybody comes.
 */
export async function visit(traffic: Traffic, turn: number): Promise<void> {
  const { random, stopped } = traffic;
  const person = createPerson(traffic);
  const provider = random.pick(['azure', 'google'] as const);
  if (turn % 3 === 0) await leaveSignIn(person, provider);
  if (turn % 3 === 1) await cancelSignIn(person, provider);

  await signIn(person, pickTurn(identities, turn));
  const all = [...steps, () => signIn(person, pickTurn(identities, turn + random.integer(1, 5)))];
  for (const step of shuffled(all, random)) {
    if (stopped.aborted || person.user === undefined) break;
    await pause(random.integer(30, 150), stopped);
    await step(person);
  }
  if (random.integer(1, 3) > 1) await logout(person);
}

/**
 * Somebody whose listings take five seconds, and who does not wait for them: every other time already at the sign-in,
 * which lists as well.
 */
export async function impatientVisit(traffic: Traffic, turn: number): Promise<void> {
  const { random, stopped } = traffic;
  const person = createPerson(traffic);
  const slow = azureIdentities.find(({ persona }) => persona === 'slow');
  if (!slow) throw new Error('The sandbox has nobody who is slow');
  if (turn % 2 === 0) {
    const page = await beginSignIn(person, 'azure');
    if (page === undefined) return;
    const { pathname, search } = new URL(await person.browser.authorize(slow.persona, page));
    await hangUpOn(traffic, person, pathname + search);
    return;
  }
  await signIn(person, slow);
  for (let times = 0; times < 20 && !stopped.aborted && person.user; times++) {
    const path = random.pick(['/api/subscriptions', '/graphql?query={azureSubscriptions{id}}']);
    await hangUpOn(traffic, person, path);
  }
  await logout(person);
}

/** Asks, and closes the connection soon; an answer comes before that to who joins a listing that is nearly done. */
async function hangUpOn({ ask, random }: Traffic, { browser }: Person, path: string): Promise<void> {
  const hangsUp = AbortSignal.timeout(random.integer(20, 1500));
  const hungUp = 0;
  await ask({
    kind: 'client that hangs up',
    shown: `GET ${path}`,
    asks: azure,
    async send() {
      try {
        return await byBrowser(browser, path, { headers: { 'apollo-require-preflight': '1' } })(hangsUp);
      } catch (error) {
        if (hangsUp.aborted) return answerOf({ status: hungUp, text: '' });
        throw error;
      }
    },
    isRight: ({ status, codes }) => [hungUp, 200, 302].includes(status) && codes.length === 0,
  });
}

const pickTurn = (all: readonly Identity[], turn: number): Identity => {
  const identity = all[turn % all.length];
  if (!identity) throw new Error('Nobody is there to sign in');
  return identity;
};

function shuffled<T>(all: readonly T[], random: SeededRandom): T[] {
  const left = [...all];
  return all.flatMap(() => left.splice(random.integer(0, left.length - 1), 1));
}
