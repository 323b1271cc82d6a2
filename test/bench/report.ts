import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchOptions } from './bench-options.ts';
import type { Machine } from './machine.ts';
import type { Section, SectionReport } from './section.ts';

export type Result = SectionReport & Pick<Section, 'name' | 'title'>;

const method = (options: BenchOptions) => `## How it is measured

- Every server is one process (gunicorn: one worker, and its master), with \`NODE_ENV=production\` and the Node that is named above. Which cores the processes have is said above.
- All hold the same ${options.sessionCount.toLocaleString('en')} sessions, 3 kB of JSON each, of people with an Azure, a Google and an AWS account; each in a store of its own (an LMDB folder, through the npm package \`lmdb\`). Requests go round all of them, over 64 keep-alive connections, with body and headers as Apollo Client 4 sends them to another origin.
- Before anything is measured, each server has to answer the same JSON for the same session (when it ends may differ). None but \`node:http\` keeps answers; the gateway keeps what it has opened of sessions that are in use, 32 MB of records and twice that at most, and asks the store for each request whether that is still what it holds (LMDB: whether the page was written since, or else the bytes; Redis: the bytes), where the others parse what they read. With more sessions than that has room for (\`--sessions 20000\`) it opens each one anew, too. During the measurement, the length and the beginning of every answer are checked, up to the name of the person whose session it is; one wrong answer ends the run.
- CPU time is the operating system’s count (user and system time, \`/proc/<pid>/stat\`) for the process, its threads and its children, over the measured window. It says the most: throughput and latency depend on what else the machine does.
- Each server and operation is warmed up with 30,000 requests, or for 15 seconds. Then they take turns: ${options.rounds} rounds of ${options.secondsPerRound} s, one of each before the next of any. Before a round counts, each session is asked for once: one that was not for a minute is extended, which is a write, and how many of those fell into a round would depend on how slow the other servers were. Numbers are medians. Ratios are taken within a round, and given as median (least..most).
- The load generator is [our own](../test/bench/load-run.ts), on plain sockets, with a parser for nothing but these answers: autocannon took 1.7 times its CPU time for a request, 70 % of what the fastest server here takes, and does not look whose session an answer is of. It never sleeps: to wake it is part of the server’s write, and costs more the less the generator has to do, 20 µs and more in a virtual machine. Where the generator was the limit all the same, a note says so.

What the servers are is in [test/bench/peers](../test/bench/peers), each in a file of its own, set up as its documentation says:

- The gateway is as it would be deployed, with all clouds configured, its request log (a line for every request, into a file), security headers, sealed session records, CORS and rate limits. As \`npm start\` does, it runs with \`--max-semi-space-size=8\`, which saves memory, and with Node’s compile cache, which saves time at the start; the others run with Node’s defaults. Each session has a client address of its own, which a proxy tells it, so that nobody comes to a limit.
- Express with Apollo Server or GraphQL Yoga, and Fastify with Mercurius, have CORS and sessions, and neither a log nor security headers nor encryption; Mercurius compiles its queries (\`jit: 1\`). Their LMDB store writes when a session has to be extended, once a minute at most, as the gateway does; \`@fastify/session\` never extends one unless its cookie is sent with every answer, which is off.
- \`HOT_PATH=off\` is the way that everything else goes over: mutations, errors, introspection, odd headers, and all of it where requests are traced. It costs more than the plain Express server, which does less.
- Flask keeps the session in its signed cookie, which is larger for it, and has no store. gunicorn’s sync worker closes the connection after each answer.
- \`node:http\` with constant answers has none of it. It is the limit of what a server on Node can be.
`;

const shown = ({ date, processor, cores, memoryGigabytes, kernel, node, pinning, versions }: Machine) =>
  [
    ['Date', date.slice(0, 10)],
    ['Machine', `${processor}, ${cores} cores, ${memoryGigabytes} GB, ${kernel}`],
    ['Node', node],
    ['Processes', pinning],
    [
      'Versions',
      Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    ],
  ]
    .map(([name, value]) => `- ${name}: ${value}`)
    .join('\n');

/** Writes `benchmark.md` and `benchmark.json` into the folder of the options. */
export function writeReport(report: {
  options: BenchOptions;
  command: string;
  machine: Machine;
  results: readonly Result[];
}): void {
  const { options, command, machine, results } = report;
  const parts = results.map(({ title, markdown }) => `## ${title}\n\n${markdown}\n`);
  const head = `# Benchmark

Written by \`${command}\`; run it again to have it for your machine.

${shown(machine)}
`;
  mkdirSync(options.out, { recursive: true });
  writeFileSync(join(options.out, 'benchmark.md'), [head, ...parts, method(options)].join('\n'));
  const json = {
    command,
    machine,
    rounds: options.rounds,
    secondsPerRound: options.secondsPerRound,
    sections: Object.fromEntries(results.map(({ name, json }) => [name, json])),
  };
  writeFileSync(join(options.out, 'benchmark.json'), `${JSON.stringify(json, null, 2)}\n`);
}
