import type { RequestParts } from '../support/send-request.ts';

type BadRequest = { path: string; parts: RequestParts; status: number; code: string };

const json = (body: string): RequestParts => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body,
});
const operation = (query: string): RequestParts => json(JSON.stringify({ query }));
const tooLarge = JSON.stringify({ query: '{ me { name } }', padding: 'x'.repeat(150_000) });
const addPath = '/api/account/aws/add';

const refused = (status: number, code: string, rows: [path: string, parts?: RequestParts][]): BadRequest[] =>
  rows.map(([path, parts = {}]) => ({ path, parts, status, code }));

/** Requests of somebody who is not signed in, and how each is refused: one or two of every kind. */
export const badRequests: readonly BadRequest[] = [
  ...refused(400, 'BAD_REQUEST', [
    ['/graphql', json('{"query":')],
    ['/graphql', json('[]')],
    [addPath, json('{"roleArn":')],
    ['/api/%E0%A4%A'],
    ['/api/login/azure?returnTo=https://evil.example'],
  ]),
  ...refused(413, 'PAYLOAD_TOO_LARGE', [
    ['/graphql', json(tooLarge)],
    [addPath, json(tooLarge)],
    ['/graphql', { ...json(tooLarge), chunked: true }],
  ]),
  ...refused(415, 'UNSUPPORTED_MEDIA_TYPE', [
    [addPath, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}' }],
  ]),
  ...refused(404, 'NOT_FOUND', [['/nothing/here'], ['/api/login/other'], [`/api/${'a'.repeat(8000)}`]]),
  ...refused(405, 'METHOD_NOT_ALLOWED', [
    ['/api/user', { method: 'DELETE' }],
    ['/graphql', { method: 'PUT' }],
  ]),
  ...refused(401, 'UNAUTHENTICATED', [
    ['/api/account/aws/config'],
    [addPath, json('{"roleArn":"arn:aws:iam::987654321098:role/TooOpen"}')],
  ]),
  ...refused(403, 'FORBIDDEN_ORIGIN', [['/api/logout', { headers: { origin: 'https://evil.example' } }]]),
  ...refused(400, 'OAUTH_STATE_INVALID', [
    ['/getAToken?state=nobodys&code=none'],
    ['/google/callback?state=nobodys&code=none'],
  ]),
  ...refused(200, 'GRAPHQL_PARSE_FAILED', [['/graphql', operation('{ me {')]]),
  ...refused(200, 'GRAPHQL_VALIDATION_FAILED', [
    ['/graphql', operation('{ nothing }')],
    ['/graphql', operation(`{ ${Array.from({ length: 100 }, (_, at) => `a${at}: me { name }`).join(' ')} }`)],
    ['/graphql', operation('mutation { connectAwsAccount { account { id } } }')],
  ]),
  ...refused(200, 'UNAUTHENTICATED', [
    ['/graphql', operation('mutation { disconnectAccount(id: "azure:none") { id } }')],
  ]),
];
