import { availableParallelism } from 'node:os';
import type { Config } from './config.ts';
import { settings } from './config-settings.ts';
import { isSameSite } from './config-site.ts';
import { isStoreExposed } from './config-store.ts';
import { isLoopbackName } from './loopback.ts';

/** Everything unsafe about a configuration, one sentence each, said at every start. */
export function startWarnings(config: Config, running: { sandbox: boolean; https: boolean }): string[] {
  const cores = availableParallelism();
  const cookieless = pagesWithoutCookie(config);
  const numeric = pagesOfNumericLoopback(config);
  const warnings: [boolean, string][] = [
    [
      running.sandbox,
      'The sandbox is on: anybody who reaches this gateway signs in as any of its pretend people',
    ],
    [
      !running.https,
      'Plain http: cookies are not Secure; set APP_BASE_URL to an https URL beyond this machine',
    ],
    [
      cookieless.length > 0,
      `Another site than the gateway's: browsers keep the session cookie from the pages of ${cookieless.join(', ')}; set APP_BASE_URL, or serve them under its domain`,
    ],
    [
      numeric.length > 0,
      `localhost is another site for the pages of ${numeric.join(', ')}: they have the session cookie only where they sign in and call at the gateway's ${numeric.map((page) => `http://${new URL(page).hostname}:${config.port}`).join(', ')}; use localhost for both`,
    ],
    [
      running.https && config.rateLimit && !config.trustedProxies,
      'TRUST_PROXY is not set: the rate limits take all people behind the proxy for one client; name its address',
    ],
    [
      config.persistedOperations === 'off' && config.frontEndOperations.length > 0,
      'PERSISTED_OPERATIONS_MANIFEST is set, and PERSISTED_OPERATIONS is off: any operation is answered',
    ],
    [
      config.persistedOperations === 'only' && config.frontEndOperations.length === 0,
      "PERSISTED_OPERATIONS=only without PERSISTED_OPERATIONS_MANIFEST: the console's operations alone are answered",
    ],
    [
      config.tokenExposure === 'full',
      'TOKEN_EXPOSURE=full: answers carry the GCP tokens of the signed-in person',
    ],
    [
      isStoreExposed(config.sessionStore),
      'SESSION_STORE goes over the network without TLS: its password can be read there; use rediss://',
    ],
    [
      config.redisWaitReplicas > 0 && config.sessionStore.kind === 'lmdb',
      'REDIS_WAIT_REPLICAS is set, and SESSION_STORE is no Redis: it changes nothing',
    ],
    [
      config.workers > cores,
      `WORKERS=${config.workers}, and this machine has ${cores === 1 ? 'one core' : `${cores} cores`}: more processes cost memory and are no faster; set WORKERS=${cores}`,
    ],
    [
      config.aws?.externalId !== undefined,
      'AWS_EXTERNAL_ID is set: one external id for everybody, so whoever knows the ARN of a role can connect it',
    ],
    [
      !config.azure && !config.google && config.aws?.externalId === undefined,
      'Nobody can sign in: configure Azure or Google (AWS roles are connected by somebody who is signed in)',
    ],
  ];
  return warnings.filter(([applies]) => applies).map(([, warning]) => warning);
}

/**
 * Pages on another name of this machine than localhost. Without APP_BASE_URL the gateway answers under that name too,
 * but what it says of itself is localhost.
 */
export function pagesOfNumericLoopback(config: Config): string[] {
  if (config.appBaseUrl !== undefined) return [];
  const isNumeric = ({ hostname }: URL) => isLoopbackName(hostname) && hostname !== 'localhost';
  return namedPages(config).filter((page) => page.startsWith('http:') && isNumeric(new URL(page)));
}

/** The origins whose pages are to use the session. The default of CORS_ORIGINS may be there for nobody. */
export function namedPages({ corsOrigins, frontendUrl }: Config): string[] {
  const named = corsOrigins.filter((origin) => origin !== settings.CORS_ORIGINS.fallback);
  return [...new Set([...(frontendUrl ? [new URL(frontendUrl).origin] : []), ...named])];
}

/** Origins that may call with the cookie, by the settings, and never will. Unset, APP_BASE_URL is this machine. */
function pagesWithoutCookie(config: Config): string[] {
  const { appBaseUrl } = config;
  const isThisSite = (page: string) =>
    appBaseUrl
      ? isSameSite(page, appBaseUrl)
      : page.startsWith('http:') && isLoopbackName(new URL(page).hostname);
  return namedPages(config).filter((page) => !isThisSite(page));
}
