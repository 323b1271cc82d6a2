import type { Parser } from './config-values.ts';

/** Environment variables as Node has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** One row of the table in `config-settings.ts`. */
export type Setting<T> = {
  parse: Parser<T>;
  /** The text that stands in for an unset variable; without one the value is undefined. */
  fallback?: string;
  /** What `--help` shows as the default when it is not a fixed text. */
  defaultNote?: string;
  meaning: string;
  /** Never printed, neither by `--print-config` nor in a fault. */
  secret?: true;
};

/** A setting that always has a value. */
export const withDefault = <T>(setting: Setting<T> & { fallback: string }) => ({
  ...setting,
  optional: false as const,
});
/** A setting that may be left out. */
export const optional = <T>(setting: Setting<T>) => ({ ...setting, optional: true as const });

/** Parses every setting of a table; the values of those that are faulty or left out are missing. */
export function parseSettings<Name extends string>(
  settings: Readonly<Record<Name, Setting<unknown>>>,
  environment: Environment,
): { values: Partial<Record<Name, unknown>>; faults: { name: Name; problem: string }[] } {
  const faults: { name: Name; problem: string }[] = [];
  const values: Partial<Record<Name, unknown>> = {};
  for (const name of Object.keys(settings) as Name[]) {
    const setting = settings[name];
    const given = environment[name]?.trim() || setting.fallback;
    if (given === undefined) continue;
    try {
      values[name] = setting.parse(given);
    } catch (error) {
      faults.push({ name, problem: error instanceof Error ? error.message : 'cannot be read' });
      if (setting.fallback !== undefined) values[name] = setting.parse(setting.fallback);
    }
  }
  return { values, faults };
}
