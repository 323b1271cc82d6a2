import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ConfigError, readConfig } from './config.ts';
import { describeSettings, printSettings } from './config-report.ts';
import { createGateway } from './gateway.ts';

/** The longest that requests in flight may take after a signal, in milliseconds. */
const drainMillis = 9_000;

async function main(): Promise<void> {
  const { values: options } = parseArgs({
    options: { help: { type: 'boolean', short: 'h' }, 'print-config': { type: 'boolean' } },
  });
  if (options.help) {
    process.stdout.write(describeSettings());
    return;
  }
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = readConfig(process.env);
  if (options['print-config']) {
    process.stdout.write(printSettings(process.env));
    return;
  }

  const gateway = await createGateway(config);
  await gateway.listen();
  process.stdout.write(greeting(gateway.url(), gateway.sandbox !== undefined));

  let stopping = false;
  const stop = () => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(1), drainMillis).unref();
    gateway.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function greeting(url: string, sandbox: boolean): string {
  const lines = [
    '',
    `  Multi-cloud session gateway: ${url}`,
    '',
    `  Console   ${url}/`,
    `  GraphQL   POST ${url}/graphql`,
    `  REST      GET ${url}/api/user`,
    '',
    ...(sandbox ? ['  Running against the sandbox: open the console and sign in as John Doe.', ''] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function fail(error: unknown): never {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return `${error.message}\n\nAll settings: npm start -- --help`;
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${error.message}${cause}`;
}

main().catch(fail);
