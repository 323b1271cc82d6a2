import type { LoadGenerator } from './load-generator.ts';
import type { SampleSession } from './sample-sessions.ts';

/** What every section is given. */
export type Bench = {
  rounds: number;
  /** How long one round measures one operation of one server. */
  secondsPerRound: number;
  /** What every server and operation gets before its first round, so that it is compiled. */
  warmSeconds: number;
  /** How many requests the memory is watched over. */
  memoryRequests: number;
  sessions: readonly SampleSession[];
  generator: LoadGenerator;
  /** Shows what is going on, on standard error. */
  progress(text: string): void;
};

/** `markdown` goes under the section's title in the report, `json` under its name. */
export type SectionReport = { markdown: string; json: unknown };

/** One part of the benchmark: it starts what it measures, and leaves nothing running. Listed in `sections.ts`. */
export type Section = { name: string; title: string; run(bench: Bench): Promise<SectionReport> };
