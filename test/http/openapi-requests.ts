import type { RequestParts } from '../support/send-request.ts';

/** The one path that takes a body. */
export const addPath = '/api/account/aws/add';
const role = (name: string) => `arn:aws:iam::987654321098:role/${name}`;
const frontEnd = { origin: 'http://localhost:3000' };
const stranger = { origin: 'https://evil.example' };
const framed = { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'iframe' };
const add = (body: string | Buffer, headers: Record<string, string> = {}): RequestParts => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body,
});
const adding = (roleArn: unknown) => add(JSON.stringify({ roleArn }));

/** A request and the status of its answer; `signedOut` where that is another one. */
export type Row = [title: string, path: string, status: number, parts?: RequestParts, signedOut?: number];

/** What anybody may ask; nothing of it ends the session. */
export const rows: Row[] = [
  ...['/api/user', '/healthz', '/readyz', '/api/openapi.json'].flatMap((path): Row[] => [
    ['read', path, 200],
    ['of a front end', path, 200, { headers: frontEnd }],
    ['of a stranger', path, 200, { headers: stranger }],
    ['asked for what is not there', path, 304, { headers: { 'if-none-match': '*' } }],
    ['without its body', path, 200, { method: 'HEAD' }],
    ['a preflight', path, 204, { method: 'OPTIONS', headers: frontEnd }],
    ['a preflight of a stranger', path, 204, { method: 'OPTIONS', headers: stranger }],
    ['another method', path, 405, { method: 'DELETE' }],
    ['another method, with a body', path, 405, add('{')],
    ['an odd method', path, 405, { method: 'PROPFIND' }],
    ['an absurd media type', path, 415, { headers: { 'content-type': `a/b;${'c'.repeat(300)}` } }],
  ]),
  ['the accounts', '/api/accounts', 200],
  ['the accounts, without the body', '/api/accounts', 200, { method: 'HEAD' }],
  ['what a role has to trust', '/api/account/aws/config', 200, {}, 401],
  ['what a role has to trust, without the body', '/api/account/aws/config', 200, { method: 'HEAD' }, 401],
  ['a foreign logout', '/api/logout', 403, { headers: stranger }],
  ['a foreign logout, without the body', '/api/logout', 403, { method: 'HEAD', headers: stranger }],
  ...['/api/login/azure', '/api/login/google'].flatMap((path): Row[] => [
    ['a sign-in', `${path}?returnTo=/page`, 302],
    ['a sign-in, without the body', path, 302, { method: 'HEAD' }],
    ['a sign-in that ends elsewhere', `${path}?returnTo=https://evil.example`, 400],
    ['a sign-in that ends in two places', `${path}?returnTo=/a&returnTo=/b`, 400],
    ['a sign-in in a frame', path, 403, { headers: framed }],
    ['a sign-in by another method', path, 405, { method: 'POST' }],
  ]),
  ...['/getAToken', '/google/callback'].flatMap((path): Row[] => [
    ['a callback of nothing', path, 400],
    ['a callback with a state of nobody', `${path}?state=a&code=b`, 400],
    ['a callback in a frame', `${path}?state=a`, 403, { headers: framed }],
    ['a callback as form_post', path, 405, { method: 'POST', body: 'state=a' }],
  ]),
  ['a preflight', addPath, 204, { method: 'OPTIONS', headers: frontEnd }],
  ['a role by GET', addPath, 405],
  ['no role', addPath, 400, add('{}'), 401],
  ['a role that is no text', addPath, 400, adding(5), 401],
  ['no ARN', addPath, 400, adding('x'), 401],
  ['the ARN of a user', addPath, 400, adding('arn:aws:iam::987654321098:user/A'), 401],
  ['a role that nobody knows', addPath, 403, adding(role('Unknown')), 401],
  ['a role that anybody may assume', addPath, 403, adding(role('TooOpen')), 401],
  ['a role of a foreign page', addPath, 403, add('{}', stranger)],
  ['a malformed body', addPath, 400, add('{')],
  ['a body that is no UTF-8', addPath, 400, add(Buffer.from([0xff, 0xfe]))],
  ['a body that is too large', addPath, 413, add(`{"roleArn": "${'x'.repeat(110_000)}"}`)],
  ['a body in chunks that is too large', addPath, 413, { ...add(`"${'x'.repeat(110_000)}"`), chunked: true }],
  ['a form', addPath, 415, add('roleArn=x', { 'content-type': 'application/x-www-form-urlencoded' })],
  ['no media type', addPath, 415, { method: 'POST', body: '{}' }],
  ['another charset', addPath, 415, add('{}', { 'content-type': 'application/json; charset=utf-7' })],
  ['an unknown encoding', addPath, 415, add('{}', { 'content-encoding': 'x-none' })],
  ['a path that is not there', '/api/nothing', 404],
  ['below one that is', '/api/user/1', 404],
  ['a cloud that is not there', '/api/login/other', 404],
  ['a bad escape', '/api/%E0%A4%A', 400],
];
