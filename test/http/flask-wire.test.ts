import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GatewaySession } from '../../src/session/session-data.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

/** What the original application answered on the wire; see the file's own `about`. */
type Exchange = {
  session: GatewaySession;
  request: string;
  requestHeaders?: Record<string, string>;
  upstream?: Record<string, [id: string, displayName: string][] | string>;
  status: number | number[];
  headers?: Record<string, string>;
  absentHeaders?: string[];
  json?: unknown;
};

const recorded = new URL('../fixtures/flask-wire.json', import.meta.url);
const { exchanges } = JSON.parse(readFileSync(recorded, 'utf8')) as { exchanges: Exchange[] };

describe('answers as the original did', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it.each(exchanges.map((exchange, index) => ({ exchange, title: titleOf(exchange, index) })))(
    '$title',
    async ({ exchange }) => {
      const {
        session,
        request,
        requestHeaders = {},
        upstream = {},
        status,
        headers = {},
        absentHeaders = [],
      } = exchange;
      for (const [id, subscriptions] of Object.entries(upstream)) {
        if (typeof subscriptions === 'string') continue; // a tenant that Azure does not know
        gateway.sandbox.addTenant({
          id,
          subscriptions: subscriptions.map(([id, displayName]) => ({ id, displayName })),
        });
      }
      const [method = '', path = ''] = request.split(' ');
      const browser = await gateway.browserWith(session);
      const cookie = requestHeaders.cookie?.replace("<the session cookie's name>", 'mcm_session');
      const response = await browser.fetch(path, {
        method,
        headers: { ...requestHeaders, ...(cookie && { cookie }) },
      });

      expect([status].flat()).toContain(response.status);
      for (const [name, value] of Object.entries(headers))
        expect(response.headers.get(name), name).toBe(value);
      for (const name of absentHeaders) expect(response.headers.get(name), name).toBeNull();
      if (!('json' in exchange)) return;
      const answer: unknown = await response.json();
      if (response.status === 500) {
        // The original passed the SDK's text on; ours says what failed, for which tenant and what to do.
        expect(answer).toEqual({
          error: expect.stringMatching(
            /Listing the Azure subscriptions of tenant bad failed: .*AZURE_CLIENT_SECRET/,
          ),
          code: 'AZURE_AUTHENTICATION_FAILED',
          requestId: expect.any(String),
        });
      } else {
        expect(answer).toEqual(exchange.json);
      }
    },
  );
});

function titleOf({ request, session, requestHeaders }: Exchange, index: number): string {
  const from = Object.keys(session).join(', ') || 'nothing';
  const sent = requestHeaders ? ` with ${JSON.stringify(requestHeaders)}` : '';
  return `${index + 1}. ${request}${sent}, the session holding ${from}`;
}
