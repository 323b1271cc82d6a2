import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { hotPathSetting } from '../support/hot-path-setting.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { type Canaries, createCanaries } from './canaries.ts';
import { createLogWatch } from './log-watch.ts';
import { createSessions } from './sessions.ts';
import type { FoundInLog, Target } from './target.ts';

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const sessionSecret = 'the session secret of the fuzzer with 32 characters or more';

/**
 * A gateway as a process of its own, on LMDB in a temporary folder, that logs all it can and shows no tokens. Its
 * clouds are the sandbox's in this process: so their secrets are known here.
 */
export async function startGatewayUnderTest(found: FoundInLog): Promise<Target & AsyncDisposable> {
  await using started = new AsyncDisposableStack();
  const folder = started.use(createTemporaryFolder());
  const sandbox = started.use(await startSandbox({ nodeEnv: undefined }));
  const certificateFile = join(folder.path, 'clouds.pem');
  writeFileSync(certificateFile, sandbox.certificate);
  const canaries = createCanaries();
  canaries.add(ownSecrets(sandbox));
  const settings = {
    ...sandbox.env,
    NODE_EXTRA_CA_CERTS: certificateFile,
    SESSION_SECRET: sessionSecret,
    SESSION_STORE: `lmdb:${join(folder.path, 'sessions')}`,
    TOKEN_EXPOSURE: 'none',
    RATE_LIMIT: 'off',
    AZURE_CACHE_SECONDS: '0',
    ...hotPathSetting,
    LOG_LEVEL: 'trace',
    PORT: '0',
  };
  const gateway = started.use(await startProcess(settings, { folder: folder.path, canaries, found }));
  const sessions = started.use(await createSessions({ url: gateway.url, settings, canaries }));
  const pages = await Promise.all(['/', '/graphql'].map((path) => pageAt(`${gateway.url}${path}`)));
  const owned = started.move();
  return {
    port: Number(new URL(gateway.url).port),
    judging: { canaries, pages },
    world: sessions.world,
    ended: gateway.ended,
    stop: gateway.stop,
    async check() {
      sandbox.awsRequests.length = 0; // nobody here looks at them
      return sessions.check();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function ownSecrets({ env }: Sandbox) {
  const basic = (id: string, secret: string) => Buffer.from(`${id}:${secret}`).toString('base64');
  return {
    'the session secret': sessionSecret,
    'the client secret of Azure': env.AZURE_CLIENT_SECRET,
    'the client secret of Azure with its id': basic(env.AZURE_CLIENT_ID, env.AZURE_CLIENT_SECRET),
    'the client secret of Google': env.GOOGLE_CLIENT_SECRET,
    'the client secret of Google with its id': basic(env.GOOGLE_CLIENT_ID, env.GOOGLE_CLIENT_SECRET),
    'the secret key of AWS': env.AWS_SECRET_ACCESS_KEY,
  };
}

/** How long it may take from SIGTERM to its end, in milliseconds: ten seconds and a little. */
const stopMs = 15_000;

/** The line of its log that says that it listens. */
const greeting = /"url":"(http[^"\n]+)"[^\n]*"msg":"Listening"\}\n/;

/** `node src/main.ts`, once it listens; from then on what it writes is watched, and not kept. */
async function startProcess(
  env: Record<string, string>,
  options: { folder: string; canaries: Canaries; found: FoundInLog },
): Promise<AsyncDisposable & Pick<Target, 'ended' | 'stop'> & { url: string }> {
  const child = spawn(process.execPath, [program], { cwd: options.folder, env });
  const ended = once(child, 'close').then(() => `ended with ${child.signalCode ?? child.exitCode}`);
  const watch = createLogWatch(options);
  const listening = Promise.withResolvers<string>();
  let atStart = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (greeting.test(atStart)) {
      watch.output(text);
      return;
    }
    atStart += text;
    const url = greeting.exec(atStart)?.[1];
    if (url !== undefined) listening.resolve(url);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (greeting.test(atStart)) watch.errors(text);
    else atStart += text;
  });
  ended.then((how) => listening.reject(new Error(`The gateway ${how} at its start:\n${atStart}`)));
  const dispose = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  async function stop(): Promise<string[]> {
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), stopMs);
    const how = await ended;
    clearTimeout(late);
    return how === 'ended with 0' ? [] : [`the process ${how} after SIGTERM`];
  }
  try {
    return { url: await listening.promise, ended, stop, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** A page as a browser gets it, byte for byte. */
async function pageAt(url: string): Promise<string> {
  const page = await fetch(url, { headers: { accept: 'text/html' } });
  return Buffer.from(await page.arrayBuffer()).toString('latin1');
}
