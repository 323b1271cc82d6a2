import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import type { Check, Problem, Verdict } from './check.ts';
import { failureOf } from './failures.ts';
import { isGatewayAt } from './healthz.ts';

/** A certificate that ends sooner is said, in milliseconds: 14 days. */
const soonMillis = 14 * 86_400_000;

/** Whether browsers can use the https URL of the gateway: its certificate, and who answers there. */
export const publicTlsCheck: Check = {
  title: 'Public URL',
  async run(patient, signal) {
    const { appBaseUrl: url } = patient.config;
    if (url === undefined)
      return { looked: 'APP_BASE_URL is not set: for browsers on this machine alone', untold: true };
    if (!url.startsWith('https:')) return { looked: `${url} is plain http`, untold: true };
    const asked = { url, settings: 'APP_BASE_URL' };
    let socket: TLSSocket | undefined;
    try {
      socket = await shown(new URL(url), signal);
      // Node has one code for what is wrong, as its own requests would fail with it.
      const wrong = socket.authorizationError as unknown as string | Error | undefined;
      if (wrong) return { looked: url, faults: [failureOf(withCode(wrong), asked, patient)] };
      return await answered(url, socket, signal);
    } catch (error) {
      const { problem, mend } = failureOf(error, asked, patient);
      const after = `${mend}; before the first start this is as it should be`;
      return {
        looked: url,
        warnings: [{ problem: `it cannot be reached from here: ${problem}`, mend: after }],
      };
    } finally {
      socket?.destroy();
    }
  },
};

/** The certificate is looked at even where it is not trusted. */
async function shown({ hostname, port }: URL, signal: AbortSignal): Promise<TLSSocket> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const isName = /[a-z]/i.test(host) && !host.includes(':');
  const socket = connect({
    host,
    port: Number(port || 443),
    rejectUnauthorized: false,
    ...(isName && { servername: host }),
  });
  try {
    await once(socket, 'secureConnect', { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

const withCode = (wrong: string | Error): Error =>
  wrong instanceof Error ? wrong : Object.assign(new Error('refused'), { code: wrong });

async function answered(url: string, socket: TLSSocket, signal: AbortSignal): Promise<Verdict> {
  const ends = new Date(socket.getPeerCertificate().valid_to);
  const isSoon = ends.getTime() - Date.now() < soonMillis;
  const expiry: Problem = {
    problem: `the certificate ends on ${ends.toISOString().slice(0, 10)}`,
    mend: 'have it renewed, and see why that did not happen by itself',
  };
  const stranger: Problem = {
    problem: `what answers at ${url} is not this gateway, or it is not running (GET /healthz)`,
    mend: 'start the gateway, and have the proxy pass all paths on to it at HOST and PORT; check APP_BASE_URL',
  };
  const isOurs = await isGatewayAt(url, signal);
  return {
    looked: `${url}, certificate until ${ends.toISOString().slice(0, 10)}`,
    warnings: [...(isSoon ? [expiry] : []), ...(isOurs ? [] : [stranger])],
  };
}
