import { peerProgram } from './peer-contestants.ts';
import type { ServerLaunch } from './server-process.ts';

/** Express with Apollo Server and one field: no session, no store. */
export const emptyTitle = 'empty Apollo Server 5 on Express 5';

export const emptyServer = (folder: string): ServerLaunch => ({
  command: [process.execPath, peerProgram('empty.ts')],
  folder,
  env: { NODE_ENV: 'production' },
});

const query = JSON.stringify({ query: '{ hello }' });

/** The one thing that it can be asked, and its answer. */
export const emptyRequest = (port: number): Buffer =>
  Buffer.from(
    `POST /graphql HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: ${query.length}\r\n\r\n${query}`,
  );
export const emptyAnswer = Buffer.from('{"data":{"hello":"world"}}\n');
