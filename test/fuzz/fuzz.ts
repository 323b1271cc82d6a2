import { type Finding, shown } from './findings.ts';
import { startGatewayUnderTest } from './gateway-under-test.ts';
import { classAt } from './inputs.ts';
import { type FuzzCommand, type FuzzOptions, parseOptions, usage } from './options.ts';
import { findingText, lastLine, mostShown, progressLine, table } from './report.ts';
import { runFuzz } from './run-fuzz.ts';
import { createTally } from './tally.ts';

/**
 * `npm run fuzz`: hostile inputs for a gateway, which has to answer or refuse all of them, show nothing secret, and
 * keep its sessions.
 */

/** Time between two lines of progress, in milliseconds. */
const progressMs = 3000;

const print = (text: string) => void process.stdout.write(`${text}\n`);

function commandOf(args: string[]): FuzzCommand {
  try {
    return parseOptions(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exit(2);
  }
}

async function fuzz(options: FuzzOptions): Promise<boolean> {
  print(`Fuzzing with seed ${options.seed}, class ${options.class}`);
  const tally = createTally();
  const found = (finding: Finding) => {
    tally.addFinding();
    if (tally.findings() <= mostShown) print(findingText(finding, options));
  };
  await using gateway = await startGatewayUnderTest(({ index, ...finding }) =>
    found({
      ...finding,
      input: index === undefined ? undefined : { class: classAt(index, options.class), index },
    }),
  );
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1000;
  const progress = setInterval(() => print(progressLine(tally, seconds())), progressMs);
  await runFuzz(gateway, {
    ...options,
    tally,
    found,
    exchanged(input, exchange) {
      if (options.only === undefined) return;
      print(
        `sent: ${shown(input.pieces.join(''), 20_000)}\ncame: ${exchange.end}: ${shown(exchange.received, 20_000)}`,
      );
    },
  });
  clearInterval(progress);
  print(`${progressLine(tally, seconds())}\n\n${table(tally)}\n\n${lastLine(tally)}`);
  return tally.findings() === 0;
}

const command = commandOf(process.argv.slice(2));
if (command.kind === 'help') print(usage.trimEnd());
else
  await fuzz(command).then(
    (isClean) => {
      process.exitCode = isClean ? 0 : 1;
    },
    (error: unknown) => {
      process.stderr.write(`It could not be run: ${error}\n`);
      process.exitCode = 2;
    },
  );
