import { expect, test } from 'vitest';
import { foundIn, leaveTraces, plantedCanaries } from '../process/at-rest.ts';
import { startCloudsGateway } from '../process/trusted-clouds.ts';
import { startRedis } from '../support/redis-process.ts';

test('nothing that Redis keeps on disk tells a secret, who was here, or how to be them', async () => {
  await using redis = await startRedis();
  await using clouds = await startCloudsGateway({ TOKEN_EXPOSURE: 'full', SESSION_STORE: redis.url });
  const secrets = await leaveTraces(clouds);
  const dump = await redis.dump();
  expect(dump.includes('mcm:session:')).toBe(true);
  expect(dump.includes('mcm:sign-in:')).toBe(true);
  expect(secrets.length).toBeGreaterThan(40);
  expect(foundIn(dump, secrets)).toEqual([]);

  const { canaries, texts } = plantedCanaries();
  for (const [at, text] of texts.entries()) await redis.command('SET', `canary ${at}`, text);
  expect(foundIn(await redis.dump(), [...canaries, ...secrets])).toEqual(canaries);
});
