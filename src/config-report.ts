import { type Config, type Environment, readConfig } from './config.ts';
import { type SettingName, settingNames, settings } from './config-settings.ts';

/** The text of `--help`: every variable, its default and its meaning. */
export function describeSettings(): string {
  const rows = settingNames.map((name) => {
    const { fallback, defaultNote, meaning } = describe(name);
    return `  ${name}\n      ${meaning}\n      default: ${fallback ?? defaultNote ?? 'none'}`;
  });
  return [
    'Usage: npm start [-- --help | --print-config | --doctor]',
    '',
    'Starts the multi-cloud session gateway. It is configured by environment variables;',
    'a file named .env in the working folder is read when present. With none of them set',
    'it runs against a sandbox of pretend clouds on this machine.',
    '',
    '  --help           this text',
    '  --print-config   the effective configuration, secrets hidden',
    '  --doctor         compares the configuration with the world, as npm run doctor does: redirect URIs, clouds,',
    '                   store, port, certificate; says what is wrong and how to mend it, and changes nothing',
    '',
    ...rows,
    '',
  ].join('\n');
}

/**
 * The text of `--print-config`: `NAME=value` lines, with what follows from other settings worked out; a secret is
 * shown as set, never its value.
 */
export function printSettings(environment: Environment): string {
  const config = readConfig(environment);
  const workedOut: Partial<Record<SettingName, string>> = {
    APP_BASE_URL: config.appBaseUrl ?? `http://localhost:${config.port}`,
    TOKEN_EXPOSURE: config.tokenExposure,
    SANDBOX: config.sandbox ? 'on' : 'off',
    GRAPHQL_IDE: config.graphqlIde ? 'on' : 'off',
    INTROSPECTION: config.introspection ? 'on' : 'off',
  };
  const lines = settingNames.map((name) => {
    const { fallback, defaultNote, secret } = describe(name);
    const given = environment[name]?.trim();
    if (given && secret) return `${name}=(set, hidden)`;
    const value = withoutPassword(workedOut[name] ?? given ?? fallback ?? '');
    if (name === 'SANDBOX' && (given || fallback) === 'auto')
      return `${name}=${value}    # auto: ${whyAuto(config)}`;
    if (given) return `${name}=${value}`;
    return `${name}=${value}    # ${value ? 'default' : (defaultNote ?? 'not set')}`;
  });
  return `${lines.join('\n')}\n`;
}

/** Why the sandbox is on, or off, when nobody has said so. */
function whyAuto({ sandbox, production }: Config): string {
  if (sandbox) return 'no cloud is configured';
  return production ? 'never in production' : 'a cloud is configured';
}

/** A Redis URL may carry one, and some write it where the user belongs: `redis://user:password@host`. */
const withoutPassword = (value: string): string => value.replace(/:\/\/[^/]*@/, '://(hidden)@');

type Described = { fallback?: string; defaultNote?: string; meaning: string; secret?: true };

function describe(name: SettingName): Described {
  return settings[name];
}
