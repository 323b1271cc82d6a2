import type { Request, RequestHandler } from 'express';
import { isObject } from '../json.ts';
import type { AskedOperation, FindOperation } from './persisted-operations.ts';

/**
 * Puts the text of a persisted operation into the request that names it, as `documentId` (GraphQL over HTTP, appendix
 * on persisted documents) or as `extensions.persistedQuery.sha256Hash` (Apollo's persisted queries). What was checked
 * here is what is executed: the text is put in also where the request brought it.
 */
export function persistedRequests(find: FindOperation): RequestHandler {
  return (req, res, next) => {
    const settle = (asked: AskedOperation) => find(asked, res.locals.requestId);
    if (req.method === 'GET') withTextInUrl(req, settle);
    else if (isObject(req.body)) withTextInBody(req.body, settle);
    next();
  };
}

type Settle = (asked: AskedOperation) => string | undefined;

/** Puts the text of the operation that a body names into it, as `settle` finds it. */
export function withTextInBody(body: Record<string, unknown>, settle: Settle): void {
  const { query, documentId, extensions } = body;
  const text = settle(asked(documentId, extensions, query));
  if (text === undefined) return;
  body.query = text;
  if (isObject(extensions)) delete extensions.persistedQuery;
}

function withTextInUrl(req: Request, settle: Settle): void {
  const url = new URL(req.url, 'http://localhost');
  const extensions = jsonOf(url.searchParams.get('extensions'));
  const text = settle(asked(url.searchParams.get('documentId'), extensions, url.searchParams.get('query')));
  if (text === undefined) return;
  url.searchParams.set('query', text);
  if (isObject(extensions)) {
    delete extensions.persistedQuery;
    url.searchParams.set('extensions', JSON.stringify(extensions));
  }
  req.url = url.pathname + url.search;
}

function asked(documentId: unknown, extensions: unknown, query: unknown): AskedOperation {
  const persisted = isObject(extensions) ? extensions.persistedQuery : undefined;
  const hash = isObject(persisted) ? textOf(persisted.sha256Hash) : undefined;
  const id = textOf(documentId);
  return { id: id ?? hash, text: textOf(query), sendsTextNext: id === undefined && hash !== undefined };
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

function jsonOf(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
