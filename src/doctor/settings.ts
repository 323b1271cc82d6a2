import { type Config, ConfigError, type Environment, readConfig } from '../config.ts';
import { settings } from '../config-settings.ts';
import { startWarnings } from '../start-warnings.ts';
import type { Check, Problem, Verdict } from './check.ts';
import { misspeltSettings } from './misspelt.ts';

/**
 * The configuration, or every fault that keeps it from being one.
 *
 * @throws what `readConfig` throws beside its ConfigError
 */
export function readSettings(environment: Environment): { config: Config } | { verdict: Verdict } {
  try {
    return { config: readConfig(environment) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const faults = error.faults.map(({ name, problem }) => ({
      problem: `${name} ${problem}`,
      mend: `set ${name} to: ${settings[name].meaning}`,
    }));
    return { verdict: { looked: 'it cannot be used', faults, warnings: misspelt(environment) } };
  }
}

/** What is unsafe in a configuration that can be used, and variables that nobody reads. */
export const settingsCheck: Check = {
  title: 'Configuration',
  async run({ config, sandbox, environment }) {
    const https = config.appBaseUrl?.startsWith('https:') ?? false;
    // Pages of other sites are looked at by the front end's check.
    const own = { ...config, corsOrigins: [], frontendUrl: undefined };
    const warnings = startWarnings(own, { sandbox, https }).map((warning) => {
      const [problem = warning, mend] = splitAtLast(warning);
      return { problem, mend: mend ?? 'leave it so only where that is meant; see npm start -- --help' };
    });
    return {
      looked: sandbox ? 'no cloud is configured: the sandbox takes their place' : 'it can be read',
      // The sandbox is unsafe throughout, and meant to be.
      warnings: [...(sandbox ? [] : warnings), ...misspelt(environment)],
    };
  },
};

/** The warnings end in what to do, behind a semicolon. */
function splitAtLast(warning: string): [string, string?] {
  const at = warning.lastIndexOf('; ');
  return at < 0 ? [warning] : [warning.slice(0, at), warning.slice(at + 2)];
}

const misspelt = (environment: Environment): Problem[] =>
  misspeltSettings(environment).map(({ given, meant }) => ({
    problem: `${given} is set, which nobody reads`,
    mend: `did you mean ${meant}?`,
  }));
