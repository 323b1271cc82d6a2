import type { Finding, Judging } from './findings.ts';
import type { World } from './inputs.ts';

/** Is told what is wrong in the log; `index` is that of the input, where the line shows it. */
export type FoundInLog = (finding: Omit<Finding, 'input'> & { index: number | undefined }) => void;

/** A server that inputs are thrown at. */
export type Target = {
  port: number;
  judging: Judging;
  /** What inputs are made of at present. */
  world(): World;
  /** What is wrong with the server by now, in a few words each; and makes ready what the inputs have used up. */
  check(): Promise<string[]>;
  /** Ends the process as an operator does; what is wrong with its end. All of the log has been read then. */
  stop(): Promise<string[]>;
  /** Resolves when the process is over, which it should not be before it is told to, and says how. */
  ended: Promise<string>;
};
