import { readAnswers } from './answers.ts';
import type { Exchange } from './connections.ts';
import type { Input } from './inputs.ts';

/** What has happened so far, in numbers. */
export type Tally = {
  add(input: Input, exchange: Exchange): void;
  addFinding(): void;
  inputs(): number;
  findings(): number;
  /** How often each status was answered; 0 stands for none. */
  statuses(): Map<number, number>;
  /** How many answers of each group a class of inputs had: `2xx` and so on, and `closed` or `silent` without any. */
  groups(): Map<string, Map<string, number>>;
};

export function createTally(): Tally {
  const statuses = new Map<number, number>();
  const groups = new Map<string, Map<string, number>>();
  let inputs = 0;
  let findings = 0;

  return {
    add(input, { received, end }) {
      inputs += 1;
      const ofClass = groups.get(input.class) ?? new Map<string, number>();
      groups.set(input.class, ofClass);
      const { answers } = readAnswers(received);
      for (const { status } of answers) {
        countIn(statuses, status);
        countIn(ofClass, `${Math.floor(status / 100)}xx`);
      }
      if (answers.length === 0) countIn(ofClass, end);
      countIn(ofClass, 'inputs');
    },
    addFinding() {
      findings += 1;
    },
    inputs: () => inputs,
    findings: () => findings,
    statuses: () => statuses,
    groups: () => groups,
  };
}

function countIn<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
