import type { Request, RequestHandler } from 'express';
import { isObject } from '../json.ts';
import type { AskedOperation, FindOperation } from './persisted-operations.ts';

/**
 * Puts the text of a persisted operation into the request that names it, as `documentId` (GraphQL over HTTP, appendix
 * on persisted documents) or as `extensions.persistedQuery.sha256Hash` (Apollo's persisted queries). What was checked
 * here is what is executed: the text is put in also where the request brought it.
 */
export function persistedRequests(find: FindOperation): RequestHandler {
  return (req, _res, next) => {
    if (req.method === 'GET') withTextInUrl(req, find);
    else if (isObject(req.body)) withTextInBody(req.body, find);
    next();
  };
}

function withTextInBody(body: Record<string, unknown>, find: FindOperation): void {
  const { query, documentId, extensions } = body;
  const text = find(asked(documentId, extensions, query));
  if (text === undefined) return;
  body.query = text;
  if (isObject(extensions)) delete extensions.persistedQuery;
}

function withTextInUrl(req: Request, find: FindOperation): void {
  const url = new URL(req.url, 'http://localhost');
  const extensions = jsonOf(url.searchParams.get('extensions'));
  const text = find(asked(url.searchParams.get('documentId'), extensions, url.searchParams.get('query')));
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
  const hash = isObject(persisted) ? persisted.sha256Hash : undefined;
  return { id: textOf(documentId) ?? textOf(hash), text: textOf(query) };
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
