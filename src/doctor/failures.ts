import { accessSync, constants } from 'node:fs';
import type { Problem } from './check.ts';

/** What was asked, and which variables say where it is. */
type Asked = { url: string; settings: string };

type Environments = {
  environment: Readonly<Record<string, string | undefined>>;
  atStart: Readonly<Record<string, string | undefined>>;
};

/** Of OpenSSL: nobody whom this machine trusts has signed the certificate. */
const untrusted = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];

const late = ['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'];

/** An error with all that caused it, the outermost first. */
export function causesOf(error: unknown): Error[] {
  if (!(error instanceof Error)) return [];
  const inner = error instanceof AggregateError ? error.errors : [error.cause];
  return [error, ...inner.flatMap(causesOf)];
}

/** Node's and OpenSSL's codes among the causes. */
export const codesOf = (error: unknown): string[] =>
  causesOf(error).flatMap((cause) => ('code' in cause && typeof cause.code === 'string' ? [cause.code] : []));

/** Why a server could not be asked, as far as the network and TLS are to blame; undefined when they are not. */
export function networkProblem(error: unknown, asked: Asked, given: Environments): Problem | undefined {
  const { host, hostname } = new URL(asked.url);
  const codes = codesOf(error);
  const is = (...any: string[]) => codes.some((code) => any.includes(code));
  if (is('ENOTFOUND', 'EAI_AGAIN')) {
    return {
      problem: `${hostname} has no address: its name is not known here (${codes.find((code) => code.startsWith('E'))})`,
      mend: `check ${asked.settings} for a misspelt name, and the DNS of this machine${proxyHint(given)}`,
    };
  }
  if (is(...untrusted)) return untrustedProblem(host, given);
  if (is('CERT_HAS_EXPIRED')) {
    return {
      problem: `the certificate of ${host} has expired`,
      mend: `have it renewed there, and check the clock of this machine (date -u)`,
    };
  }
  if (is('CERT_NOT_YET_VALID')) {
    return {
      problem: `the certificate of ${host} is not valid yet`,
      mend: 'set the clock of this machine (date -u)',
    };
  }
  if (is('ERR_TLS_CERT_ALTNAME_INVALID')) {
    return {
      problem: `the certificate that ${host} shows is for another name`,
      mend: `check ${asked.settings}, and what answers at ${host}`,
    };
  }
  if (is('ECONNREFUSED')) {
    return {
      problem: `nobody listens on ${host} (connection refused)`,
      mend: `check ${asked.settings}, that the server runs, and that no firewall refuses the connection`,
    };
  }
  if (is('EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG')) {
    return {
      problem: `${host} does not speak TLS as it should`,
      mend: `check the scheme and the port in ${asked.settings}`,
    };
  }
  if (is(...late) || causesOf(error).some(({ name }) => name === 'TimeoutError' || name === 'AbortError')) {
    return {
      problem: `${host} did not answer in time`,
      mend: `check ${asked.settings}, and whether a firewall keeps this machine from ${host}${proxyHint(given)}`,
    };
  }
  if (is('ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'EHOSTUNREACH', 'ENETUNREACH')) {
    return {
      problem: `the connection to ${host} broke off before an answer (${codes.at(-1)})`,
      mend: `check ${asked.settings}, and what stands between this machine and ${host}${proxyHint(given)}`,
    };
  }
  return undefined;
}

/** The same, in any case: an error of which nothing is known has its name said, never its text. */
export const failureOf = (error: unknown, asked: Asked, given: Environments): Problem =>
  networkProblem(error, asked, given) ?? {
    problem: `${new URL(asked.url).host} cannot be asked (${codesOf(error).at(-1) ?? causesOf(error).at(-1)?.name ?? 'unknown'})`,
    mend: `check ${asked.settings}`,
  };

function untrustedProblem(host: string, { environment, atStart }: Environments): Problem {
  const problem = `the certificate of ${host} is signed by nobody whom this machine trusts`;
  const file = environment.NODE_EXTRA_CA_CERTS;
  const how = 'set NODE_EXTRA_CA_CERTS to a file with the certificate (PEM) of the authority that signed it';
  const outside = 'outside .env, which Node reads too late for it';
  if (!file) return { problem, mend: `${how}, ${outside}` };
  if (!atStart.NODE_EXTRA_CA_CERTS)
    return { problem, mend: `NODE_EXTRA_CA_CERTS is in .env, where it does nothing: set it ${outside}` };
  if (!isReadable(file))
    return {
      problem,
      mend: `NODE_EXTRA_CA_CERTS names ${file}, which cannot be read: mend the path or its permissions`,
    };
  return {
    problem,
    mend: `NODE_EXTRA_CA_CERTS names ${file}, which has not the authority of ${host}: add its certificate`,
  };
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

function proxyHint({ environment }: Environments): string {
  const proxy = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].find((name) => environment[name]);
  return proxy && !environment.NODE_USE_ENV_PROXY
    ? `; ${proxy} is set, which Node heeds with NODE_USE_ENV_PROXY=1 alone`
    : '';
}
