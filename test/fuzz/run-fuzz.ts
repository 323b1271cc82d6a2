import { readAnswers } from './answers.ts';
import { createSender, type Exchange, type Sender } from './connections.ts';
import { type Finding, faultsIn, shown } from './findings.ts';
import { type Input, inputAt } from './inputs.ts';
import { answersPromptly } from './lateness.ts';
import type { FuzzOptions } from './options.ts';
import type { Tally } from './tally.ts';
import type { Target } from './target.ts';

/** Inputs between two looks at the session that has to last. */
const inputsPerCheck = 500;

/** How long an input may be without an answer or a close once all of it was sent, in milliseconds. */
const patienceMs = 5000;

/** How many inputs are under way at once. */
const senders = 24;

/** After so many findings there is no point in going on. */
const mostFindings = 100;

/**
 * Throws the inputs at a target, and looks after every few hundred whether it is still well. Ends early when it is
 * not alive any more, or when there are too many findings.
 */
export async function runFuzz(
  target: Target,
  options: FuzzOptions & {
    tally: Tally;
    found(finding: Finding): void;
    patienceMs?: number;
    /** Hears of every exchange. */
    exchanged?(input: Input, exchange: Exchange): void;
  },
): Promise<void> {
  const { tally, found, inputs, only, exchanged } = options;
  const { port } = target;
  const count = only?.length ?? inputs;
  const pool = Array.from({ length: only ? 1 : senders }, () =>
    createSender({
      port,
      patienceMs: options.patienceMs ?? patienceMs,
      isResponsive: () => answersPromptly(port),
    }),
  );
  let isAlive = true;
  const watched = target.ended.then((how) => {
    isAlive = false;
    return how;
  });

  async function sendOne(sender: Sender, at: number): Promise<void> {
    const index = only?.[at] ?? at;
    const input = inputAt(index, { ...options, world: target.world() });
    const exchange = await sender.send(input);
    tally.add(input, exchange);
    exchanged?.(input, exchange);
    for (const what of isAlive ? faultsIn(exchange, input, target.judging) : [])
      found({ what, input, after: exchange.after, details: detailsOf(input, exchange) });
  }

  let next = 0;
  async function sendUntil(sender: Sender, stop: number): Promise<void> {
    while (next < stop && isAlive && tally.findings() < mostFindings) await sendOne(sender, next++);
  }

  while (next < count && isAlive && tally.findings() < mostFindings) {
    const from = next;
    const stop = Math.min(count, from + inputsPerCheck);
    await Promise.all(pool.map((sender) => sendUntil(sender, stop)));
    const between = `among the inputs ${from} to ${next - 1}`;
    const faults = await target.check().catch((error) => [`it could not be looked at: ${error}`]);
    for (const what of isAlive ? faults : [`the process ${await watched}`])
      found({ what, details: [between] });
  }
  for (const sender of pool) sender.close();
  if (isAlive) for (const what of await target.stop()) found({ what, details: ['after all inputs'] });
}

function detailsOf({ pieces }: Input, { received, end }: Exchange): string[] {
  const statuses = readAnswers(received).answers.map(({ status }) => status);
  return [
    `sent: ${shown(pieces.join(''), 1500)}`,
    `came: ${end}, ${statuses.join(' ') || 'no answer'}: ${shown(received, 1500)}`,
  ];
}
