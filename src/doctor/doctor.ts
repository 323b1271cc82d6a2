import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { clouds } from '../clouds/clouds.ts';
import { beforeEnd } from '../clouds/deadline.ts';
import type { Config, Environment } from '../config.ts';
import { withSandbox } from '../gateway-sandbox.ts';
import { createLog } from '../log.ts';
import { unwatched } from '../upstream.ts';
import type { Check, Patient, Verdict } from './check.ts';
import { checks } from './checks.ts';
import { createDocuments } from './documents.ts';
import { createHide, reportOf } from './report.ts';
import { readSettings, settingsCheck } from './settings.ts';

/** How long one check may take, in milliseconds, and what hangs beyond that in spite of its signal. */
const checkMillis = 10_000;
const hangMillis = 500;

/** After how long it is said that a check is running, in milliseconds. */
const slowMillis = 1_000;

/** How long one call to Azure may take, in milliseconds: the rest of its check needs time, too. */
const azureMillis = 8_000;

/**
 * `npm run doctor`: compares the configuration with the world, and prints what is wrong with the mend. Nothing is
 * changed: the store keeps no record, and nothing listens. Checks run side by side, and are printed in order.
 *
 * Resolves with true when nothing is wrong; warnings do not count.
 */
export async function examine(options: {
  environment: Environment;
  /** The environment before `.env` was read. */
  atStart: Environment;
  print: (text: string) => void;
  colours: boolean;
}): Promise<boolean> {
  const { environment, atStart, colours } = options;
  const hide = createHide(environment);
  const print = (text: string) => options.print(hide(text));
  print('\nMulti-cloud session gateway: the configuration and the world\n\n');
  const read = readSettings(environment);
  if ('verdict' in read) {
    print(reportOf(settingsCheck.title, read.verdict, colours));
    print(
      summary([read.verdict], 'All settings: npm start -- --help. The other checks need a configuration.'),
    );
    return false;
  }
  const prepared = await preparePatient(read.config, { environment, atStart }).catch((error: Error) => error);
  if (prepared instanceof Error) {
    const [problem = '', mend = ''] = prepared.message.split(': ');
    const verdict = { looked: 'it takes the place of clouds', faults: [{ problem, mend }] };
    print(reportOf('Sandbox', verdict, colours));
    print(summary([verdict], 'The other checks need it, or a cloud.'));
    return false;
  }
  await using patient = prepared;
  const verdicts = await runInOrder(
    patient,
    (title, verdict) => print(reportOf(title, verdict, colours)),
    print,
  );
  print(summary(verdicts, ''));
  return verdicts.every(({ faults = [] }) => faults.length === 0);
}

/** What the checks share; with the sandbox on, one is started as the gateway would start it. */
async function preparePatient(
  given: Config,
  environments: { environment: Environment; atStart: Environment },
): Promise<Patient & AsyncDisposable> {
  const { config: chosen, sandbox } = given.sandbox
    ? await withSandbox(given, () => randomBytes(48).toString('base64url'))
    : { config: given, sandbox: undefined };
  const config = hurried(chosen);
  const log = createLog({ level: 'silent' });
  const open = clouds.flatMap((cloud) => cloud.open(config, { log, watch: unwatched }) ?? []);
  return {
    config,
    sandbox: sandbox !== undefined,
    ...environments,
    log,
    clouds: open,
    providers: open.flatMap(({ signIn }) => signIn ?? []),
    documents: createDocuments(config),
    [Symbol.asyncDispose]: async () => sandbox?.close(),
  };
}

const hurried = ({ azure, ...config }: Config): Config => ({
  ...config,
  azure: azure && { ...azure, timeoutMs: Math.min(azure.timeoutMs, azureMillis) },
});

async function runInOrder(
  patient: Patient,
  report: (title: string, verdict: Verdict) => void,
  print: (text: string) => void,
): Promise<Verdict[]> {
  const running = checks.map((check) => ({ title: check.title, verdict: run(check, patient) }));
  const verdicts: Verdict[] = [];
  for (const { title, verdict } of running) {
    const isSlow = await Promise.race([verdict.then(() => false), delay(slowMillis, true, { ref: false })]);
    if (isSlow) print(`  …       ${title}: running, ${checkMillis / 1000} seconds at most\n`);
    verdicts.push(await verdict);
    report(title, await verdict);
  }
  return verdicts;
}

/** Never rejects, and never takes much longer than it may. */
async function run(check: Check, patient: Patient): Promise<Verdict> {
  const signal = AbortSignal.timeout(checkMillis);
  const end = AbortSignal.timeout(checkMillis + hangMillis);
  try {
    return await beforeEnd(end, check.run(patient, signal));
  } catch (error) {
    const problem = signal.aborted
      ? `no answer within ${checkMillis / 1000} seconds`
      : `the check failed by itself (${error instanceof Error ? error.name : typeof error})`;
    const mend = signal.aborted
      ? 'check the network of this machine, and firewalls that swallow connections'
      : 'run it again; if it stays so, this is a fault of the doctor and none of yours';
    return { looked: 'broken off', faults: [{ problem, mend }] };
  }
}

function summary(verdicts: readonly Verdict[], hint: string): string {
  const count = (of: 'faults' | 'warnings') =>
    verdicts.reduce((sum, verdict) => sum + (verdict[of]?.length ?? 0), 0);
  const named = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;
  const [faults, warnings] = [count('faults'), count('warnings')];
  const found = faults === 0 ? 'Nothing is wrong' : `${named(faults, 'fault')} to mend`;
  return `\n${found}${warnings > 0 ? `, ${named(warnings, 'warning')}` : ''}.${hint && ` ${hint}`}\n`;
}
