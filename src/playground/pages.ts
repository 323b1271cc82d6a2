import type { RequestHandler } from 'express';
import { type BuiltPages, pageHtml, wantsPage } from '../pages/built-pages.ts';

/** The parameters of a GraphQL request in a URL that say what is asked for (GraphQL over HTTP, section 5.3). */
const requestParameters = ['query', 'documentId', 'extensions'];

/**
 * `GET /graphql` of a browser that asks for a page is the playground; of everything else it is a GraphQL request,
 * and so it is with an operation in the URL. `limit` counts the page as a request of its client.
 *
 * @throws GatewayError RATE_LIMITED, and NOT_FOUND where the pages are not built
 */
export function playgroundPage(pages: BuiltPages, limit: RequestHandler): RequestHandler {
  const send = pageHtml(pages, 'playground');
  return async (req, res, next) => {
    res.vary('Accept');
    if (!wantsPage(req) || requestParameters.some((name) => name in req.query)) {
      next();
      return;
    }
    await limit(req, res, () => send(req, res, next));
  };
}
