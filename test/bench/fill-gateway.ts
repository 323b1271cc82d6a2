import { readFileSync } from 'node:fs';
import { storeLocation } from '../../src/config-store.ts';
import type { GatewaySession } from '../../src/session/session-data.ts';
import { createSessionRecords } from '../../src/session/session-records.ts';
import { openSessionStore } from '../../src/session/session-store.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { testSealing } from '../support/sealing.ts';

/*
 * Puts sessions into a store of the gateway's: `node fill-gateway.ts <store URL> <file>`, the file being JSON, a list of
 * session ids and what the session of each holds.
 */

/** Records under way at a time: Redis has to answer in time. */
const atOnce = 50;

const [, , url = '', file = ''] = process.argv;
const sessions: [sid: string, data: GatewaySession][] = JSON.parse(readFileSync(file, 'utf8'));
const { log } = createMemoryLog();
const store = await openSessionStore({ sessionStore: storeLocation(url), redisWaitReplicas: 0 }, { log });
const limits = { idleMinutes: 60, absoluteHours: 12 };
const records = createSessionRecords({ store, sealing: testSealing, limits });
for (let from = 0; from < sessions.length; from += atOnce) {
  const some = sessions.slice(from, from + atOnce);
  // Another gateway on the same Redis may have brought them already; `create` leaves what is there.
  await Promise.all(some.map(([sid, data]) => records.create(sid, data)));
}
await store.close();
