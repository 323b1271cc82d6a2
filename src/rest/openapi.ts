import { type Request, Router } from 'express';
import packageJson from '../../package.json' with { type: 'json' };
import { openapiPath } from './api-links.ts';
import { type CookieNames, headerComponents } from './openapi-headers.ts';
import { pathItem, unreadableResponses } from './openapi-operation.ts';
import { operations } from './openapi-paths.ts';
import { schemas } from './openapi-schemas.ts';

const description = `
The original application's REST paths, answered from the session that the GraphQL endpoint (\`POST /graphql\`) reads
too. GraphQL can do all that these paths can, and more; a path that it replaces is marked as deprecated here and in its
answers (\`Deprecation\`, \`Link\`), and goes on answering.

**Session.** A browser signs in by following a link to one of the sign-in paths. After that its cookie is all there is:
call from a page with \`fetch(url, { credentials: 'include' })\`. Reading never needs a sign-in, it answers what there is.

**Origins.** Pages of the origins in \`CORS_ORIGINS\` and of \`FRONTEND_URL\` may call with the cookie and read \`Link\`,
\`Deprecation\`, \`Retry-After\`, \`RateLimit\`, \`RateLimit-Policy\` and \`X-Request-Id\`. Any other page is told nothing,
and may change nothing.

**Methods.** HEAD is answered as GET is, without the body, and OPTIONS with the methods of a path (also to preflights).

**Refusals.** Every one is JSON with \`error\` for people, \`code\` for programs and \`requestId\`; a browser that goes to
a sign-in path is answered the same as a page. Unknown paths answer
404 \`NOT_FOUND\` in that form, other methods 405 with \`Allow\`. What cannot be read as HTTP is refused before its path
is known (400, 405, 408, 413 or 431), in the same form, with \`X-Request-Id\` and \`Cache-Control\` for its only headers of
those listed here.
`.trim();

const tags = [
  { name: 'Session', description: 'Who is signed in, and signing out.' },
  { name: 'Accounts', description: 'What is connected to the session, and what it lists.' },
  { name: 'Sign-in', description: 'Links for the browser. Each sign-in connects an account.' },
  { name: 'AWS', description: 'Connecting an AWS account by an IAM role.' },
  { name: 'Operations', description: 'For machines: probes, and this description.' },
];

/** Made when somebody asks for it. */
let paths: Record<string, object> | undefined;

const allPaths = (): Record<string, object> => {
  paths ??= Object.fromEntries(
    Object.entries(operations).map(([path, operation]) => [path, pathItem(path, operation)]),
  );
  return paths;
};

/** The description of this API (spec.openapis.org/oas/v3.1), for a gateway that has these cookies at this URL. */
export const openapiDocument = (cookies: CookieNames, url: string) => ({
  openapi: '3.1.1',
  info: { title: 'Multi-cloud session gateway: REST', version: packageJson.version, description },
  servers: [{ url, description: 'This gateway' }],
  tags,
  paths: allPaths(),
  components: {
    schemas,
    headers: headerComponents(cookies),
    responses: unreadableResponses,
    securitySchemes: {
      session: {
        type: 'apiKey',
        in: 'cookie',
        name: cookies.sessionName,
        description:
          'Comes with a sign-in, and no script can read it. Under https its name has the prefix `__Host-`.',
      },
    },
  },
});

/**
 * `GET /api/openapi.json`, for everybody. As plain JSON, which every browser shows and every tool reads; of OpenAPI's
 * own media type, `application/openapi+json`, that cannot be said. `publicUrl` is the gateway's own, as the browser of
 * the request knows it.
 */
export function openapiRoutes(cookies: CookieNames, publicUrl: (req: Request) => string): Router {
  const router = Router();
  router.get(openapiPath, (req, res) => {
    res.json(openapiDocument(cookies, publicUrl(req)));
  });
  return router;
}
