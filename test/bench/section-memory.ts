import { emptyAnswer, emptyRequest, emptyServer, emptyTitle } from './empty-server.ts';
import { baseline } from './field.ts';
import { operations } from './operations.ts';
import { usageOf } from './process-usage.ts';
import { createEntrants, runOnce } from './rounds.ts';
import type { Bench, Section } from './section.ts';
import { startServer } from './server-process.ts';
import { markdownTable } from './tables.ts';
import { createWorkFolder } from './work-folder.ts';

/** After each of these it is looked at. */
const looks = 12;
const shares = Array.from({ length: looks + 1 }, (_, at) => at / looks);

type Point = { requests: number; residentMegabytes: number };

/** Whether the memory of the gateway stays where it is, however many requests it answers, and how much it is. */
export const memorySection: Section = {
  name: 'memory',
  title: 'Memory',
  async run(bench) {
    const gateway = await memoryOfGateway(bench);
    const empty = await memoryOfEmptyServer(bench);
    const table = markdownTable(
      ['requests answered', 'this gateway, MB', `${emptyTitle}, MB`],
      gateway.map(({ requests, residentMegabytes }, at) => [
        (Math.round(requests / 1000) * 1000).toLocaleString('en'),
        residentMegabytes.toFixed(0),
        (empty[at]?.residentMegabytes ?? Number.NaN).toFixed(0),
      ]),
    );
    const last = (points: Point[]) => points.at(-1)?.residentMegabytes ?? Number.NaN;
    const ratio = last(gateway) / last(empty);
    const mostOf = (points: Point[]) => Math.max(...points.map(({ residentMegabytes }) => residentMegabytes));
    const third = looks / 3;
    const growth = mostOf(gateway.slice(-third)) / mostOf(gateway.slice(-2 * third, -third)) - 1;
    return {
      markdown: `Resident memory of the gateway while it answers all four operations as fast as it can, and of a server that does nothing after as many requests. The first row is just after the start.\n\n${table}\n\nAt the end the gateway has **${ratio.toFixed(2)} times** the memory of the empty server. What V8 has not yet collected is in it, so that it rises and falls; the most of the last third is ${(growth * 100).toFixed(1)} % above the most of the third before.`,
      json: { gateway, empty, ratio, growthOfLastThird: growth },
    };
  },
};

async function memoryOfGateway(bench: Bench): Promise<Point[]> {
  await using entrants = createEntrants(bench, { kind: 'lmdb' });
  const entrant = await entrants.add(baseline);
  if (!entrant) throw new Error('The gateway cannot be started');
  return await memoryAfter(bench, entrant.running.server.pid, async (turn) => {
    const operation = operations[turn % operations.length];
    return operation ? (await runOnce(bench, entrant, operation, { seconds: 1 })).requests : 0;
  });
}

async function memoryOfEmptyServer(bench: Bench): Promise<Point[]> {
  using folder = createWorkFolder();
  await using server = await startServer(emptyServer(folder.path));
  const { pid, port } = server;
  const expected = { length: emptyAnswer.length, begins: [emptyAnswer] };
  const load = { pid, port, requests: [emptyRequest(port)], expected, connections: 64, seconds: 4 };
  return await memoryAfter(bench, pid, async () => (await bench.generator.run(load)).requests);
}

/** The memory of a process at each share of the requests; `ask` sends some and says how many those were. */
async function memoryAfter(
  bench: Bench,
  pid: number,
  ask: (turn: number) => Promise<number>,
): Promise<Point[]> {
  const points: Point[] = [];
  let requests = 0;
  for (const share of shares) {
    for (let turn = 0; requests < bench.memoryRequests * share; turn++) {
      requests += await ask(turn);
      bench.progress(`${requests} requests of ${bench.memoryRequests}`);
    }
    points.push({ requests, residentMegabytes: usageOf(pid).residentBytes / 1_000_000 });
  }
  return points;
}
