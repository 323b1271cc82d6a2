import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLmdbSessionStore } from '../../src/session/lmdb-session-store.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { foundIn, leaveTraces, plantedCanaries } from './at-rest.ts';
import { startCloudsGateway } from './trusted-clouds.ts';

test('nothing in the folder of the sessions tells a secret, who was here, or how to be them', async () => {
  using folder = createTemporaryFolder();
  const path = join(folder.path, 'sessions');
  await using clouds = await startCloudsGateway({ TOKEN_EXPOSURE: 'full', SESSION_STORE: `lmdb:${path}` });
  const secrets = await leaveTraces(clouds);
  const files = bytesIn(path);
  expect(files.includes('session:')).toBe(true);
  expect(files.includes('sign-in:')).toBe(true);
  expect(secrets.length).toBeGreaterThan(40);
  expect(foundIn(files, secrets)).toEqual([]);

  const { canaries, texts } = plantedCanaries();
  const store = await openLmdbSessionStore(path);
  for (const [at, text] of texts.entries())
    await store.create(`canary ${at}`, Buffer.from(text), Date.now() + 60_000);
  await store.close();
  expect(foundIn(bytesIn(path), [...canaries, ...secrets])).toEqual(canaries);
});

/** All the files of a folder, one after the other. */
const bytesIn = (folder: string): Buffer =>
  Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));
