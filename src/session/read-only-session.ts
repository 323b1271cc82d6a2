import type { BrowserSession } from './browser-session.ts';
import type { SessionRecord } from './session-records.ts';

/** The session of a request that only reads; that of nobody without a record. */
export function readOnlySession(record: SessionRecord | undefined): BrowserSession {
  return {
    data: () => record?.data ?? {},
    expiresAt: () => record && new Date(record.expiresAt),
    start: refuse,
    update: refuse,
    end: refuse,
  };
}

const refuse = (): Promise<never> => Promise.reject(new Error('This request may only read its session'));
