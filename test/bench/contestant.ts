import type { OperationName } from './operations.ts';
import type { SampleSession } from './sample-sessions.ts';
import type { ServerProcess } from './server-process.ts';

/** Where a server keeps the sessions: an LMDB folder of its own, or a Redis that servers share. */
export type StoreChoice = { kind: 'lmdb' } | { kind: 'redis'; url: string };

/** A server as it stands in a table. */
export type Contestant = {
  name: string;
  title: string;
  /** What it answers; the rest is not a thing that it does. */
  operations: readonly OperationName[];
  /** What the machine lacks to run it, and how to get it; undefined where it can run. */
  missing?(): string | undefined;
  /** Fills its store and starts it. */
  start(options: {
    folder: string;
    sessions: readonly SampleSession[];
    store: StoreChoice;
  }): Promise<RunningContestant>;
};

export type RunningContestant = {
  server: ServerProcess;
  /** The Cookie header of each session. */
  cookies: readonly string[];
  /** Says the same to everybody: what is for somebody alone is not looked for in its answers. */
  isConstant?: boolean;
};
