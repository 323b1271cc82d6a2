import type { Config } from './config.ts';
import type { SettingName } from './config-settings.ts';
import { arePagesBuilt } from './pages/built-pages.ts';

/** The clouds by the names that people know, and the first setting that each needs. */
const clouds = [
  { name: 'Azure', key: 'azure', setting: 'AZURE_CLIENT_ID' },
  { name: 'Google', key: 'google', setting: 'GOOGLE_CLIENT_ID' },
  { name: 'AWS', key: 'aws', setting: 'AWS_ACCOUNT_ID' },
] as const satisfies { name: string; key: keyof Config; setting: SettingName }[];

/** A gateway that listens. */
export type Listening = { url: string; port: number; sandbox: boolean };

/** The names of the clouds that it offers: with the sandbox all of them. */
export const offeredClouds = (config: Config, { sandbox }: Pick<Listening, 'sandbox'>): string[] =>
  clouds.filter(({ key }) => sandbox || config[key] !== undefined).map(({ name }) => name);

/** What a person at a terminal is told at the start: where to click, what is offered, and what is not. */
export function greeting(config: Config, listening: Listening): string {
  const { url, sandbox } = listening;
  const lines = [
    '',
    `  Multi-cloud session gateway: ${url}`,
    ...(isElsewhere(config, listening)
      ? [`  Listens on ${config.host.includes(':') ? `[${config.host}]` : config.host}:${listening.port}`]
      : []),
    '',
    `  Console     ${url}/`,
    ...(config.graphqlIde ? [`  Playground  ${url}/graphql`] : []),
    `  GraphQL     POST ${url}/graphql`,
    `  REST        GET ${url}/api/user`,
    `  Clouds      ${cloudsLine(config, sandbox)}`,
    ...(config.workers > 1 ? [`  Workers     ${config.workers} processes`] : []),
    ...(config.frontendUrl ? [`  Front end   ${config.frontendUrl}, where sign-ins end`] : []),
    '',
    ...(arePagesBuilt()
      ? []
      : ['  Console and playground are not built: npm run build, with the development packages', '']),
    ...(sandbox
      ? [
          '  Running against the sandbox: open the console and sign in as John Doe. The AWS role that can be',
          '  connected is arn:aws:iam::987654321098:role/MultiCloudManagerRole',
          '',
        ]
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** Whether the URL leads to a proxy first, or to a name that this machine has for itself. */
function isElsewhere({ appBaseUrl, host }: Config, { port }: Listening): boolean {
  if (appBaseUrl === undefined) return host !== '127.0.0.1' && host !== 'localhost';
  const url = new URL(appBaseUrl);
  const named = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  return named !== port || ![host, 'localhost'].includes(url.hostname);
}

function cloudsLine(config: Config, sandbox: boolean): string {
  const offered = offeredClouds(config, { sandbox });
  const missing = clouds.filter(({ name }) => !offered.includes(name));
  const notOffered = missing.map(({ name, setting }) => `${name} (${setting} is not set)`).join(', ');
  return `${offered.join(', ') || 'none'}${notOffered && `; not offered: ${notOffered}`}`;
}
