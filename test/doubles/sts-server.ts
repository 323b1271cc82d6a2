import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { WriteAnswer } from './https-server.ts';

/** A request of the Query protocol: the form is all there is, beside the headers. */
export type StsQuestion = {
  method: string;
  path: string;
  form: URLSearchParams;
  headers: IncomingHttpHeaders;
};

/** XML; or the end of the connection; or nothing, until the server goes; or an answer that is written by hand. */
export type StsAnswer =
  | { status: number; requestId: string; xml: string }
  | { write: WriteAnswer }
  | 'cut'
  | 'hang';

/** Answers on a free loopback port, over plain http, until it is disposed of, which also cuts what is open. */
export async function startStsServer(
  answer: (question: StsQuestion) => StsAnswer,
): Promise<AsyncDisposable & { origin: string }> {
  const server = createServer(async (request, response) => {
    const { method = '', url: path = '', headers } = request;
    const given = answer({ method, path, form: new URLSearchParams(await text(request)), headers });
    if (given === 'hang') return;
    if (given === 'cut') {
      response.destroy();
      return;
    }
    if ('write' in given) {
      given.write(response);
      return;
    }
    const { status, requestId, xml } = given;
    response.writeHead(status, { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }).end(xml);
  });
  server.keepAliveTimeout = 75_000; // no connection ends while it is just being used
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
