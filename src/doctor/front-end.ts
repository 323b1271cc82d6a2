import type { Config } from '../config.ts';
import { isSameSite } from '../config-site.ts';
import { isLoopbackName } from '../loopback.ts';
import { namedPages, pagesOfNumericLoopback } from '../start-warnings.ts';
import type { Check, Patient, Problem } from './check.ts';
import { failureOf } from './failures.ts';
import { publicUrl } from './public-url.ts';

/** How long the front end may take for an answer, in milliseconds. */
const answerMillis = 4_000;

/** Whether browsers will send the session cookie from the front end's pages, and the gateway answer them. */
export const frontEndCheck: Check = {
  title: 'Front end',
  async run(patient, signal) {
    const { config } = patient;
    const pages = namedPages(config);
    const faults = pages.flatMap((page) => cookieless(page, config) ?? []);
    const warnings = [...twoNames(config), ...portMismatch(config), ...(await unreachable(patient, signal))];
    const looked =
      pages.length === 0
        ? 'the built-in console alone'
        : `${pages.join(', ')} with the cookie of ${publicUrl(config)}`;
    return { looked, faults, warnings };
  },
};

/** SameSite=Lax: a page of another site is sent no cookie with its calls. */
function cookieless(page: string, config: Config): Problem | undefined {
  const gateway = publicUrl(config);
  const [ours, theirs] = [new URL(gateway), new URL(page)];
  // Without APP_BASE_URL the gateway answers under whichever name of this machine the browser uses.
  const answersTo = config.appBaseUrl === undefined && isLoopbackName(theirs.hostname);
  if (isSameSite(gateway, page) || (answersTo && theirs.protocol === 'http:')) return undefined;
  const problem = `browsers send no session cookie from the pages of ${page} to ${gateway}`;
  if (ours.protocol !== theirs.protocol) {
    return {
      problem: `${problem}: ${theirs.protocol.slice(0, -1)} and ${ours.protocol.slice(0, -1)} are two sites`,
      mend: 'serve both over https, and say so in APP_BASE_URL and in FRONTEND_URL or CORS_ORIGINS',
    };
  }
  if (isLoopbackName(ours.hostname) && isLoopbackName(theirs.hostname)) {
    return {
      problem: `${problem}: ${ours.hostname} and ${theirs.hostname} are two sites`,
      mend: `use one name for both: CORS_ORIGINS (or FRONTEND_URL) with ${theirs.protocol}//${ours.host.replace(/:\d+$/, '')}:${theirs.port || '80'}, and open the page under it`,
    };
  }
  return {
    problem: `${problem}: they are two sites`,
    mend: 'set APP_BASE_URL to the public URL of the gateway, under the domain of the front end (api.example.com for app.example.com)',
  };
}

/** Right only for a page that never says localhost, and the gateway itself does. */
function twoNames(config: Config): Problem[] {
  return pagesOfNumericLoopback(config).map((page) => {
    const url = new URL(page);
    return {
      problem: `localhost and ${url.hostname} are two sites: the pages of ${page} have the cookie only where they sign in and call at http://${url.hostname}:${config.port}`,
      mend: `use one name for both: http://localhost:${url.port || '80'} in CORS_ORIGINS (or FRONTEND_URL), and open the page under it`,
    };
  });
}

function portMismatch({ appBaseUrl, port }: Config): Problem[] {
  if (appBaseUrl === undefined || port === 0) return [];
  const url = new URL(appBaseUrl);
  const named = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  if (!isLoopbackName(url.hostname) || named === port) return [];
  return [
    {
      problem: `APP_BASE_URL names port ${named} of this machine, and the gateway listens on ${port}`,
      mend: `set PORT=${named}, or APP_BASE_URL=${url.protocol}//${url.hostname}:${port}; right as it is only with a proxy between`,
    },
  ];
}

/** Whether the front end is there, and is where its pages will call from. */
async function unreachable(patient: Patient, signal: AbortSignal): Promise<Problem[]> {
  const { frontendUrl, corsOrigins } = patient.config;
  if (frontendUrl === undefined) return [];
  const asked = { url: frontendUrl, settings: 'FRONTEND_URL' };
  try {
    const end = AbortSignal.any([signal, AbortSignal.timeout(answerMillis)]);
    const response = await fetch(frontendUrl, { redirect: 'manual', signal: end });
    await response.body?.cancel();
    const location = response.headers.get('location');
    const origin = location && URL.parse(location, frontendUrl)?.origin;
    if (response.status >= 500)
      return [{ problem: `${frontendUrl} answers ${response.status}`, mend: 'see what is wrong there' }];
    if (!origin || origin === new URL(frontendUrl).origin || corsOrigins.includes(origin)) return [];
    return [
      {
        problem: `${frontendUrl} sends browsers on to ${origin}, whose pages may not call the gateway`,
        mend: `set FRONTEND_URL to the URL that they end at, or add ${origin} to CORS_ORIGINS`,
      },
    ];
  } catch (error) {
    const { problem, mend } = failureOf(error, asked, patient);
    return [{ problem: `the front end cannot be reached from here: ${problem}`, mend }];
  }
}
