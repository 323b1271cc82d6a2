import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { firstLoadBytes, firstLoadLimit } from './support/first-load.ts';

/**
 * `npm run check`: everything that has to hold before a change lands, in one run. A failing step does not stop
 * the others. Ends with the line `N passed, N failed`, where each step that is no test run counts as one.
 */

/** Of a step; `notes` says which tests failed, where the step is a test run, or what it measured. */
type Outcome = { passed: number; failed: number; notes?: string[] };
type Step = { title: string; run(): Outcome };

const bin = (name: string) => join('node_modules', '.bin', name);
const done = (ok: boolean): Outcome => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1 });

function run(command: string, args: string[]): SpawnSyncReturns<Buffer> {
  return spawnSync(command, args, { stdio: 'inherit' });
}

const command = (title: string, name: string, ...args: string[]): Step => ({
  title,
  run: () => done(run(bin(name), args).status === 0),
});

/** What is read of vitest's JSON report. */
type TestReport = {
  numPassedTests: number;
  numTotalTests: number;
  testResults: {
    name: string;
    message: string;
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
  }[];
};

/** Without where in vitest it happened. */
const firstLines = (text: string) =>
  text
    .split('\n')
    .filter((line) => !line.includes('node_modules'))
    .slice(0, 6)
    .join('\n      ');

/** Which tests, and files that did not run, failed, with the beginning of why. */
function failuresOf({ testResults }: TestReport): string[] {
  return testResults.flatMap(({ name, message, assertionResults }) => [
    ...(message ? [`${relative('.', name)}: ${firstLines(message)}`] : []),
    ...assertionResults
      .filter(({ status }) => status !== 'passed')
      .map(
        ({ fullName, status, failureMessages }) =>
          `${relative('.', name)} > ${fullName}: ${firstLines(failureMessages[0] ?? status)}`,
      ),
  ]);
}

/** One project of `vitest.config.ts`; a run without a test, or with a skipped one, has failed. */
const tests = (title: string, project: string): Step => ({
  title,
  run() {
    const folder = mkdtempSync(join(tmpdir(), 'check-'));
    try {
      const report = join(folder, 'report.json');
      const { status } = run(bin('vitest'), [
        'run',
        '--config=test/vitest.config.ts',
        `--project=${project}`,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
      ]);
      if (!existsSync(report)) return done(false);
      const results: TestReport = JSON.parse(readFileSync(report, 'utf8'));
      const { numPassedTests: passed, numTotalTests: total } = results;
      const failed = total - passed;
      return {
        passed,
        failed: failed === 0 && (status !== 0 || total === 0) ? 1 : failed,
        notes: failuresOf(results),
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
});

/** Programs of the system that the tests drive, installed from its packages where they are missing. */
const programs = [
  {
    name: 'chromium',
    missing: () => !process.env.CHROMIUM_PATH && !isOnPath('chromium'),
    byHand: 'Install Chromium or Chrome, and set CHROMIUM_PATH to its program.',
  },
  {
    name: 'redis-server',
    missing: () => !isOnPath('redis-server') || !isOnPath('redis-cli'),
    byHand:
      'Install Redis 6.2 or later (brew install redis), so that redis-server and redis-cli are on the PATH.',
  },
];

const systemPackages: Step = {
  title: 'System packages: chromium, redis-server',
  run() {
    const missing = programs.filter((program) => program.missing());
    if (missing.length === 0) return done(true);
    if (!isOnPath('apt-get')) {
      for (const { name, byHand } of missing)
        process.stdout.write(`${name} is missing, and this system has no apt-get. ${byHand}\n`);
      return done(false);
    }
    const isRoot = process.getuid?.() === 0;
    const apt = (...args: string[]) =>
      run(isRoot ? 'apt-get' : 'sudo', isRoot ? args : ['apt-get', ...args]).status === 0;
    const names = missing.map(({ name }) => name);
    return done(apt('update', '-qq') && apt('install', '-y', '-qq', '--no-install-recommends', ...names));
  },
};

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}

const kilobytes = (bytes: number): string => (bytes / 1000).toFixed(1);

const firstLoad: Step = {
  title: 'First load of the console',
  run() {
    const bytes = firstLoadBytes();
    const note = `${kilobytes(bytes)} kB of script and style, compressed; at most ${firstLoadLimit / 1000} kB`;
    process.stdout.write(`${note}\n`);
    return { ...done(bytes <= firstLoadLimit), notes: [note] };
  },
};

const steps: Step[] = [
  systemPackages,
  command('Generated code is current', 'graphql-codegen', '--config', 'codegen.yml', '--check'),
  command('Format and lint', 'biome', 'ci', '--error-on-warnings', '.'),
  command('Types', 'tsc', '-p', '.'),
  command('Types of the pages', 'tsc', '-p', 'src/pages'),
  command(
    'Build of the pages',
    'vite',
    'build',
    '--config',
    'src/pages/vite.config.ts',
    '--logLevel',
    'warn',
  ),
  firstLoad,
  tests('Tests', 'quick'),
  tests('Tests of gateways that run as processes', 'process'),
  tests('Tests under load', 'load'),
  tests('Tests on real Redis servers', 'redis'),
  tests('Tests in Chromium', 'browser'),
];

const outcomes = steps.map(({ title, run }, index) => {
  process.stdout.write(`\n[${index + 1}/${steps.length}] ${title}\n`);
  const outcome = run();
  return { title, ...outcome };
});

process.stdout.write('\n');
for (const { title, passed, failed, notes = [] } of outcomes) {
  process.stdout.write(
    `${failed === 0 ? 'ok    ' : 'FAILED'}  ${title}: ${passed} passed, ${failed} failed\n`,
  );
  for (const note of notes) process.stdout.write(`    ${note}\n`);
}
const sum = (key: 'passed' | 'failed') => outcomes.reduce((total, outcome) => total + outcome[key], 0);
process.stdout.write(`\n${sum('passed')} passed, ${sum('failed')} failed\n`);
process.exitCode = sum('failed') === 0 ? 0 : 1;
