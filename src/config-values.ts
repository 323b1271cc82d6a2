import { BlockList, isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import { isSecureUrl } from './loopback.ts';

/**
 * The parsers behind the table in `config-settings.ts`: each turns the text of an environment variable into a value or
 * throws an error whose message completes the sentence "NAME ...".
 */
export type Parser<T> = (text: string) => T;

export const text: Parser<string> = (value) => value;

export const port: Parser<number> = (value) => {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number > 65535) throw new Error('must be a port number, 0 to 65535');
  return number;
};

/** A length of time in `unit`s, from one second to `most` of them. */
export const duration =
  (unit: 'minutes' | 'hours', most: number): Parser<number> =>
  (value) => {
    const number = Number(value);
    const least = unit === 'minutes' ? 1 / 60 : 1 / 3600;
    if (!(number >= least && number <= most)) {
      throw new Error(`must be a number of ${unit}, from one second to ${most} ${unit}`);
    }
    return number;
  };

/** Tenant ids and domain names as the Azure SDK takes them; anything else must not reach a URL. */
export const isTenant = (value: string): boolean => /^(?=.*[0-9a-z])[0-9a-z.-]{1,253}$/i.test(value);

export const tenant: Parser<string> = (value) => {
  if (!isTenant(value)) throw new Error('must be a tenant id, a domain name, organizations or common');
  return value;
};

export const wholeNumber =
  (most: number): Parser<number> =>
  (value) => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number > most) throw new Error(`must be a whole number, 0 to ${most}`);
    return number;
  };

/** How many processes to start; more than there are cores do no harm, but no good either. */
export const workerCount: Parser<number> = (value) => {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < 1 || number > 64)
    throw new Error(`must be a whole number, 1 to 64; this machine has cores for ${availableParallelism()}`);
  return number;
};

export const fraction: Parser<number> = (value) => {
  const number = Number(value);
  if (!(number >= 0 && number <= 1)) throw new Error('must be a number from 0 to 1');
  return number;
};

/** A deadline in milliseconds; timers take whole numbers and no more than ten minutes make sense here. */
export const timeoutMillis: Parser<number> = (value) => {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > 600_000) {
    throw new Error('must be a whole number of milliseconds, 1 to 600000');
  }
  return number;
};

export const oneOf =
  <T extends string>(...values: readonly T[]): Parser<T> =>
  (value) => {
    const found = values.find((candidate) => candidate === value);
    if (found === undefined) throw new Error(`must be one of ${values.join(', ')}`);
    return found;
  };

export const commaSeparated = (value: string): string[] =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** An http or https URL with no query, fragment or user, without a slash at its end. */
export const webUrl: Parser<string> = (value) => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new Error('must be a URL such as https://app.example.com');
  if (url.search || url.hash || url.username || url.password) {
    throw new Error('must be a URL without user, query and fragment');
  }
  return url.href.replace(/\/+$/, '');
};

/** Scheme, host and port alone. */
export const webOrigin: Parser<string> = (value) => {
  const url = webUrl(value);
  if (new URL(url).origin !== url)
    throw new Error('must be an origin such as https://app.example.com, with no path');
  if (url.includes('*')) throw new Error('must name each origin: there are no wildcards');
  return url;
};

export const webOrigins: Parser<string[]> = (value) => commaSeparated(value).map(webOrigin);

export const httpsUrl: Parser<string> = (value) => {
  const url = webUrl(value);
  if (!url.startsWith('https:'))
    throw new Error('must be an https URL: the Azure SDKs send tokens over TLS only');
  return url;
};

/** An https URL; plain http only for a server on this machine, where nobody listens on the way. */
export const secureUrl: Parser<string> = (value) => {
  const url = webUrl(value);
  if (!isSecureUrl(url))
    throw new Error('must be an https URL (http only on localhost): tokens and credentials pass there');
  return url;
};

export const awsAccountId: Parser<string> = (value) => {
  if (!/^\d{12}$/.test(value)) throw new Error('must be an AWS account id of twelve digits');
  return value;
};

export const awsRegion: Parser<string> = (value) => {
  if (!/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(value)) throw new Error('must be an AWS region such as us-east-1');
  return value;
};

/** What STS takes as an external id (docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html). */
export const externalId: Parser<string> = (value) => {
  if (!/^[\w+=,.@:/-]{2,1224}$/.test(value))
    throw new Error('must have 2 to 1224 letters, digits or any of + = , . @ : / - _');
  return value;
};

/** Session secrets: the first signs, all verify. */
export const secrets: Parser<string[]> = (value) => {
  const list = commaSeparated(value);
  if (list.length === 0 || list.some((secret) => secret.length < 32)) {
    throw new Error('must be one or more secrets of at least 32 characters each, separated by commas');
  }
  return list;
};

/**
 * Addresses and subnets of proxies, or Express's names for private ranges. `true` and hop counts are refused:
 * they believe whatever a client writes into X-Forwarded-For.
 */
export const proxyAddresses: Parser<string[]> = (value) => {
  const list = commaSeparated(value);
  const named = ['loopback', 'linklocal', 'uniquelocal'];
  if (list.length === 0 || !list.every((entry) => named.includes(entry) || isSubnet(entry))) {
    throw new Error(
      `must list addresses or subnets (10.0.0.0/8), or ${named.join(', ')}; true and counts are refused`,
    );
  }
  return list;
};

function isSubnet(entry: string): boolean {
  const [address = '', prefix] = entry.split('/');
  const family = isIP(address);
  if (family === 0 || /^::ffff:/i.test(address)) return false;
  if (prefix === undefined) return true;
  if (!/^[1-9]\d*$/.test(prefix)) return false; // all addresses are no list of proxies
  try {
    new BlockList().addSubnet(address, Number(prefix), family === 4 ? 'ipv4' : 'ipv6');
    return true;
  } catch {
    return false;
  }
}
