import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** A request of the load, and what it has to be answered. */
export type LoadRequest = {
  name: string;
  path: string;
  cookie?: string;
  /** POSTed as a GraphQL query. */
  query?: string;
  isRight(answer: { status: number; setsCookie: boolean; body: string }): boolean;
};

export type LoadReport = {
  /** How many answers each request got. */
  answers: Record<string, number>;
  /** The answers that were not right, or not there; the first hundred of them. */
  wrong: string[];
  /** The slowest answer to a request that was asked later than a second after the start. */
  slowestMilliseconds: number;
};

/** Keeps as many connections busy as told, with each of the requests in turn, until `stop`. */
export function startLoad(options: { url: string; connections: number; requests: LoadRequest[] }): {
  stop(): Promise<LoadReport>;
} {
  const { url, connections, requests } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const report: LoadReport = { answers: {}, wrong: [], slowestMilliseconds: 0 };
  const startedAt = performance.now();
  let isOver = false;

  async function send({ path, cookie, query }: LoadRequest) {
    const headers = { ...(cookie && { cookie }), ...(query && { 'content-type': 'application/json' }) };
    const sent = request(url + path, { agent, method: query ? 'POST' : 'GET', headers });
    sent.end(query && JSON.stringify({ query }));
    const [response] = await once(sent, 'response');
    const setsCookie = response.headers['set-cookie'] !== undefined;
    return { status: response.statusCode, setsCookie, body: await text(response) };
  }

  async function work(first: number): Promise<void> {
    for (let turn = first; !isOver; turn++) {
      const asked = requests[turn % requests.length] as LoadRequest;
      const askedAt = performance.now();
      const answer = await send(asked).catch((error: Error) => error.message);
      const now = performance.now();
      if (askedAt > startedAt + 1_000)
        report.slowestMilliseconds = Math.max(report.slowestMilliseconds, now - askedAt);
      report.answers[asked.name] = (report.answers[asked.name] ?? 0) + 1;
      const isRight = typeof answer !== 'string' && asked.isRight(answer);
      if (!isRight && report.wrong.length < 100)
        report.wrong.push(`${asked.name} after ${now - startedAt} ms: ${JSON.stringify(answer)}`);
    }
  }
  const working = Promise.all(Array.from({ length: connections }, (_, first) => work(first)));

  return {
    async stop() {
      isOver = true;
      await working;
      agent.destroy();
      return report;
    },
  };
}
