import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, vi } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { type Ended, runGateway } from './gateway-process.ts';

/** A tenant of the sandbox whose two subscriptions may be listed. */
export const johnsTenant = '12345678-1234-1234-1234-123456789012';

/** How long the doctor may take here, in milliseconds: it has its deadlines, a busy machine has none. */
export const mostMillis = 40_000;

/** A world in which all is well, until a test plants a fault. */
export type DoctorWorld = {
  readonly sandbox: Sandbox;
  /** The folder that the doctor works in; the store of `env` is in it. */
  readonly folder: string;
  /** A configuration that is right in this world. */
  env(): Record<string, string>;
  /** Makes the doctor trust one more certificate (PEM). */
  trust(certificate: string): void;
  /** `--doctor` with `env` and these variables; undefined takes one away. What it prints holds no secret. */
  examine(changes?: Record<string, string | undefined>): Promise<Ended>;
};

/** A program that has a port of 127.0.0.1 and answers nothing that makes sense. */
export async function startOtherProgram(): Promise<AsyncDisposable & { port: number }> {
  const server = createServer((socket) =>
    socket
      .on('error', () => {})
      .resume()
      .end('no HTTP\n'),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A port of 127.0.0.1 on which nobody listens: somebody just did. */
export async function closedPort(): Promise<number> {
  await using program = await startOtherProgram();
  return program.port;
}

/** Such a world for the tests around: a sandbox for all of them, whose faults are gone before each. */
export function useDoctorWorld(): DoctorWorld {
  vi.setConfig({ testTimeout: 3 * mostMillis });
  const folder = createTemporaryFolder();
  const certificateFile = join(folder.path, 'clouds.pem');
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({});
  });
  afterAll(async () => {
    await sandbox?.close();
    folder[Symbol.dispose]();
  });
  beforeEach(() => {
    sandbox.faults.clear();
    writeFileSync(certificateFile, sandbox.certificate);
  });

  const env = () => ({
    ...sandbox.env,
    AZURE_TENANT_ID: johnsTenant,
    SESSION_SECRET: 'canary of the session secret with 32 characters or more',
    SESSION_STORE: `lmdb:${folder.path}/sessions`,
    TOKEN_EXPOSURE: 'none',
    NODE_EXTRA_CA_CERTS: certificateFile,
    PORT: '0',
    AWS_EC2_METADATA_DISABLED: 'true',
    NODE_COMPILE_CACHE: join(folder.path, 'compiled'),
  });

  return {
    get sandbox() {
      return sandbox;
    },
    folder: folder.path,
    env,
    trust: (certificate) => writeFileSync(certificateFile, `${sandbox.certificate}\n${certificate}`),
    async examine(changes = {}) {
      const changed: Record<string, string | undefined> = { ...env(), ...changes };
      const given = Object.entries(changed).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      );
      const settings = Object.fromEntries(given);
      const ended = await runGateway({ folder: folder.path, env: settings, flags: ['--doctor'] }, mostMillis);
      expect(ended.signal).toBeNull();
      expectNoSecrets(ended, settings);
      return ended;
    },
  };
}

const secretNames = [
  'SESSION_SECRET',
  'AZURE_CLIENT_SECRET',
  'GOOGLE_CLIENT_SECRET',
  'AWS_SECRET_ACCESS_KEY',
];

function expectNoSecrets({ stdout, stderr }: Ended, env: Record<string, string>): void {
  const text = stdout + stderr;
  expect(text).not.toContain('canary');
  for (const name of secretNames) if (env[name]) expect(text).not.toContain(env[name]);
}

/** The lines of one check, by its title. */
export function reportOf(stdout: string, title: string): string {
  const [, found] = new RegExp(`^( {2}[^ …]+ +${title}: .*(?:\\n {10}.*)*)`, 'm').exec(stdout) ?? [];
  if (found === undefined) throw new Error(`Nothing is said of ${title}:\n${stdout}`);
  return found;
}
