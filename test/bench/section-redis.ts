import { spawnSync } from 'node:child_process';
import { startRedis } from '../support/redis-process.ts';
import { compare } from './comparison.ts';
import { baseline, withoutHotPath } from './field.ts';
import { operations } from './operations.ts';
import { apollo } from './peer-contestants.ts';
import { canPin, clientCore } from './pinning.ts';
import { createEntrants, measureInTurn } from './rounds.ts';
import type { Section } from './section.ts';
import { comparisonTables } from './tables.ts';

const about = `One \`redis-server\` (append-only file, fsync every second) on the load generator’s core keeps the sessions of all. Express has them through connect-redis, as its documentation sets it up: it extends a session in Redis with every request, the gateway once a minute.`;

/** The same with the sessions in Redis, against Express and Apollo Server with connect-redis. */
export const redisSection: Section = {
  name: 'redis',
  title: 'Sessions in Redis',
  async run(bench) {
    bench.progress('starting redis-server');
    await using redis = await startRedis({ settings: { appendfsync: 'everysec' } });
    const [, pid = ''] = /process_id:(\d+)/.exec(await redis.command('INFO', 'server')) ?? [];
    if (canPin) spawnSync('taskset', ['-a', '-c', '-p', `${clientCore}`, pid]);
    await using entrants = createEntrants(bench, { kind: 'redis', url: redis.url });
    for (const contestant of [apollo, withoutHotPath, baseline]) await entrants.add(contestant);
    const series = await measureInTurn({ bench, entrants: entrants.list, operations });
    const comparisons = compare(series, baseline.name);
    return { markdown: `${about}\n\n${comparisonTables(comparisons)}`, json: comparisons };
  },
};
