import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadOutcome } from './load-program.ts';
import type { Load, Sample } from './load-run.ts';
import { clientCore, pinned } from './pinning.ts';

const program = fileURLToPath(new URL('load-program.ts', import.meta.url));

export type LoadGenerator = AsyncDisposable & {
  /** @throws Error when an answer was wrong or did not come */
  run(load: Load): Promise<Sample>;
};

/** Starts the load generator on a core of its own. One load at a time. */
export function startLoadGenerator(): LoadGenerator {
  const [command, ...args] = pinned(clientCore, [process.execPath, program]);
  const child = spawn(command, args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  const ended = once(child, 'exit');
  return {
    async run(load) {
      child.send(load);
      const [outcome]: [LoadOutcome | number] = await Promise.race([
        once(child, 'message') as Promise<[LoadOutcome]>,
        ended as Promise<[number]>,
      ]);
      if (typeof outcome !== 'object' || outcome === null) throw new Error('The load generator has ended');
      if ('error' in outcome) throw new Error(outcome.error);
      return outcome.sample;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
