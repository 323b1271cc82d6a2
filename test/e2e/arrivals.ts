import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request as the gateway's server received it, once it is answered. */
export type Arrival = {
  /** "GET /api/logout 403" */
  text: string;
  /** Whether the session cookie came along. */
  hasSession: boolean;
};

/** What arrives at one port of this process, from pages of other origins. */
export type Arrivals = Disposable & {
  /** The answered requests since the last call of `clear`. */
  all(): Arrival[];
  clear(): void;
};

const channel = 'http.server.request.start';

/**
 * Watches the requests in Node itself, as the server gets them: a browser's own tools tell what it means to send.
 * Only those that say that another origin's page makes them.
 */
export function watchArrivals(url: string): Arrivals {
  const { origin: own, port } = new URL(url);
  let arrivals: Arrival[] = [];
  const onRequest = (message: unknown) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    if (request.socket.localPort !== Number(port)) return;
    const { origin, cookie = '', 'sec-fetch-site': fetchSite } = request.headers;
    const isOwn = origin === undefined ? !/^(cross|same)-site$/.test(String(fetchSite)) : origin === own;
    if (isOwn) return;
    const path = request.url?.split('?')[0];
    const kept = arrivals;
    response.on('close', () =>
      kept.push({
        text: `${request.method} ${path} ${response.statusCode}`,
        hasSession: cookie.includes('mcm_session='),
      }),
    );
  };
  subscribe(channel, onRequest);
  return {
    all: () => arrivals,
    clear() {
      arrivals = [];
    },
    [Symbol.dispose]: () => unsubscribe(channel, onRequest),
  };
}
