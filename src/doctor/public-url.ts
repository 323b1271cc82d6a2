import type { Config } from '../config.ts';

/** The URL under which browsers reach the gateway; with PORT 0 its port is known only once it listens. */
export const publicUrl = ({ appBaseUrl, port }: Pick<Config, 'appBaseUrl' | 'port'>): string =>
  appBaseUrl ?? `http://localhost:${port === 0 ? 5000 : port}`;
