import { type Spread, spread } from './comparison.ts';
import { emptyServer, emptyTitle } from './empty-server.ts';
import { filledStore, gatewayCommand, gatewayEnv } from './gateway-contestant.ts';
import type { Bench, Section } from './section.ts';
import { type ServerLaunch, startServer } from './server-process.ts';
import { markdownTable } from './tables.ts';
import { createWorkFolder } from './work-folder.ts';

const starts = 7;

const about = `From the start of the process to its first answer: of the gateway to 200 from \`/readyz\`, with its store filled; of Express 5 with Apollo Server 5 and an empty schema to any answer. ${starts} starts each, in turn, after one that does not count.`;

/** How long a start takes. */
export const startSection: Section = {
  name: 'start',
  title: 'Start',
  async run(bench) {
    using folder = createWorkFolder();
    const store = await filledStore(folder.path, { kind: 'lmdb' }, bench.sessions);
    const gateway: ServerLaunch = {
      command: gatewayCommand,
      folder: folder.path,
      env: gatewayEnv(store),
      readyPath: '/readyz',
    };
    const empty = emptyServer(folder.path);
    const titles = ['this gateway', emptyTitle];
    const times = await startInTurn(bench, [gateway, empty]);
    const rows = times.map(spread).map(({ median, least, most }, at) => ({
      title: titles[at] ?? '',
      millis: { median, least, most } satisfies Spread,
    }));
    const table = markdownTable(
      ['', 'ms, median', 'least..most'],
      rows.map(({ title, millis: { median, least, most } }) => [
        title,
        median.toFixed(0),
        `${least.toFixed(0)}..${most.toFixed(0)}`,
      ]),
    );
    return { markdown: `${about}\n\n${table}`, json: rows };
  },
};

/** In milliseconds, by launch. */
async function startInTurn(bench: Bench, launches: readonly ServerLaunch[]): Promise<number[][]> {
  const times: number[][] = launches.map(() => []);
  for (let turn = 0; turn <= starts; turn++)
    for (const [at, launch] of launches.entries()) {
      bench.progress(`start ${turn} of ${starts}`);
      await using server = await startServer(launch);
      if (turn > 0) times[at]?.push(server.startMillis);
    }
  return times;
}
