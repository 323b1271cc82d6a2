import type { RequestParts } from '../../support/send-request.ts';

/** A request that is refused, and how. */
export type BadRequest = {
  title: string;
  path: string;
  parts?: RequestParts | undefined;
  status: number;
  code: string;
  /** Where somebody who is not signed in is refused otherwise. */
  signedOut?: { status: number; code: string };
};

/** A request, told in a table. */
export type Row = [title: string, path: string, parts?: RequestParts];

/** How a request is refused. */
export type Refusal = Pick<BadRequest, 'status' | 'code' | 'signedOut'>;

/** Rows that are all refused alike. */
export const refusedWith = (refusal: Refusal, rows: Row[]): BadRequest[] =>
  rows.map(([title, path, parts = {}]) => ({
    title: `${title}: ${path.slice(0, 60)}`,
    path,
    parts,
    ...refusal,
  }));

/** Refusals that more than one table has. */
export const badRequest: Refusal = { status: 400, code: 'BAD_REQUEST' };
export const foreign: Refusal = { status: 403, code: 'FORBIDDEN_ORIGIN' };
export const unauthenticated: Refusal = { status: 401, code: 'UNAUTHENTICATED' };

/** A POST of JSON, as far as its headers say. */
export const post = (body?: string | Buffer, headers: Record<string, string> = {}): RequestParts => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  ...(body === undefined ? {} : { body }),
});

/** The one path beside GraphQL that takes a body. */
export const addPath = '/api/account/aws/add';

/** The role that the sandbox lets the gateway assume, and a good body with it. */
export const arn = 'arn:aws:iam::987654321098:role/MultiCloudManagerRole';
export const roleArn = JSON.stringify({ roleArn: arn });
