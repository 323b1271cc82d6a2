import { createServer } from 'node:http';

/*
 * The limit of what Node can do: node:http, the body parsed, and an answer that is ready before anybody asks. No
 * session, no cookie, no query. The bench gives it the gateway's answers, by path and operation.
 */

type Constant = { contentType: string; body: string };
const answers: Record<string, Constant> = JSON.parse(process.env.ANSWERS ?? '{}');

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { operationName } = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {};
    const answer = answers[operationName ?? request.url];
    if (!answer) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'content-type': answer.contentType,
      'content-length': Buffer.byteLength(answer.body),
    });
    response.end(answer.body);
  });
}).listen(Number(process.env.PORT), '127.0.0.1');
