import type { OpenCloud, SignInProvider } from '../clouds/cloud.ts';
import type { Config, Environment } from '../config.ts';
import type { Log } from '../log.ts';
import type { Documents } from './documents.ts';

/** Something that is not as it should be, and how to mend it: which variable, which page, which command. */
export type Problem = { problem: string; mend: string };

/**
 * How a check ended. `looked` says in a few words what was looked at, and what was found; `notes` are further lines.
 * A fault is wrong for certain, a warning may be meant so; `untold` is a check that could not be made, with nothing
 * wrong about that.
 */
export type Verdict = {
  looked: string;
  untold?: boolean;
  notes?: string[];
  faults?: Problem[];
  warnings?: Problem[];
};

/** The configuration with what the checks share. With the sandbox on, `config` is the one that names it. */
export type Patient = {
  config: Config;
  sandbox: boolean;
  environment: Environment;
  /** The environment before `.env` was read: Node has its own variables from there. */
  atStart: Environment;
  log: Log;
  providers: readonly SignInProvider[];
  clouds: readonly OpenCloud[];
  documents: Documents;
};

/** One subject. It ends when `signal` does; what it throws is a fault of the subject. */
export type Check = {
  title: string;
  run(patient: Patient, signal: AbortSignal): Promise<Verdict>;
};

/** What is said of a cloud or a part that is not configured. */
export const notConfigured = (settings: readonly string[]): Verdict => ({
  looked: `not configured (${settings.join(', ')})`,
  untold: true,
});
