import { once } from 'node:events';
import { createServer } from 'node:http';

/** A span as OTLP has it in JSON, as far as tests look at it. */
export type CollectedSpan = {
  name: string;
  kind: number;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: Record<string, unknown>;
  isError: boolean;
};

export type Collector = AsyncDisposable & {
  url: string;
  /** The status that it answers with. */
  status: number;
  spans(): CollectedSpan[];
  /** The attributes of the service that sent them. */
  service(): Record<string, unknown>;
  /** All that was sent to it, with the headers. */
  text(): string;
};

type Attribute = { key: string; value: Record<string, unknown> };
type Export = {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: { spans: (Omit<CollectedSpan, 'attributes'> & Wire)[] }[];
  }[];
};
type Wire = { attributes: Attribute[]; status: { code: number } };

/** An OpenTelemetry collector on loopback that keeps what it is sent over OTLP/HTTP in JSON. */
export async function startCollector(): Promise<Collector> {
  const bodies: string[] = [];
  const heads: string[] = [];
  const server = createServer(async (req, res) => {
    let body = '';
    for await (const chunk of req) body += chunk;
    heads.push(`${req.method} ${req.url} ${JSON.stringify(req.headers)}`);
    bodies.push(body);
    res.writeHead(collector.status, { 'content-type': 'application/json' }).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  const resources = () => bodies.flatMap((body) => (JSON.parse(body) as Export).resourceSpans);
  const collector: Collector = {
    url: `http://127.0.0.1:${port}`,
    status: 200,
    spans: () =>
      resources()
        .flatMap(({ scopeSpans }) => scopeSpans)
        .flatMap(({ spans }) => spans)
        .map(({ attributes, status, ...span }) => ({
          ...span,
          attributes: plain(attributes),
          isError: status.code === 2,
        })),
    service: () => plain(resources().flatMap(({ resource }) => resource.attributes)),
    text: () => [...heads, ...bodies].join('\n'),
    async [Symbol.asyncDispose]() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return collector;
}

const plain = (attributes: Attribute[]): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
