import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { generate } from 'selfsigned';

/** Key and self-signed certificate in PEM; whoever calls the double has to trust `cert`. */
export type TlsIdentity = { key: string; cert: string };

/** A request, as far as the doubles look at one. */
export type Question = {
  method: string;
  url: URL;
  /** The body, read as a form; empty without one. */
  form: URLSearchParams;
  authorization: string | undefined;
};

/**
 * `body` goes out as JSON; `location` makes it a redirect; `challenge` is WWW-Authenticate. With `write` it is written
 * by hand, and none of the others count.
 */
export type Answer = {
  status: number;
  body?: unknown;
  location?: string;
  challenge?: string;
  headers?: Record<string, string>;
  write?: WriteAnswer;
};

/** Writes an answer that no server of good manners gives. */
export type WriteAnswer = (response: ServerResponse) => void;

/** The connection ends without a byte of an answer. */
export type Cut = 'cut';

/** `connections`: how many it has taken, each with a handshake of its own. */
export type HttpsServer = AsyncDisposable & { origin: string; connections(): number };

/** A certificate for localhost, of another subject each time: OpenSSL looks for trusted ones by subject. */
export async function createTlsIdentity(): Promise<TlsIdentity> {
  const subject = [{ name: 'commonName', value: `Double ${crypto.randomUUID()}` }];
  const { private: key, cert } = await generate(subject, {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
    ],
  });
  return { key, cert };
}

/** Answers on a free loopback port until it is disposed of, which also cuts what is open. */
export async function startHttpsServer(
  tls: TlsIdentity,
  answer: (question: Question) => Promise<Answer | Cut>,
): Promise<HttpsServer> {
  const server = createServer({ ...tls, keepAliveTimeout: 75_000 }); // no connection ends while it is just being used
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `https://localhost:${(server.address() as AddressInfo).port}`;

  server.on('request', (request, response) => {
    questionOf(request, origin)
      .then(answer)
      .catch((fault: unknown) => ({ status: 500, body: { error: 'double_fault', detail: String(fault) } }))
      .then((given) => send(response, given));
  });

  let connections = 0;
  server.on('secureConnection', () => {
    connections += 1;
  });

  return {
    origin,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function questionOf(request: IncomingMessage, origin: string): Promise<Question> {
  return {
    method: request.method ?? '',
    url: new URL(request.url ?? '/', origin),
    form: new URLSearchParams(await text(request)),
    authorization: request.headers.authorization,
  };
}

function send(response: ServerResponse, answer: Answer | Cut): void {
  if (answer === 'cut') {
    response.destroy();
    return;
  }
  const { status, body, location, challenge, headers, write } = answer;
  if (write) {
    write(response);
    return;
  }
  response.writeHead(status, {
    ...headers,
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(location !== undefined && { location }),
    ...(challenge !== undefined && { 'www-authenticate': challenge }),
  });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
