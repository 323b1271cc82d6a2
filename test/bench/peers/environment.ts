/** What the bench tells each peer, in its environment. The gateway is told the same. */
export const environment = {
  port: Number(given('PORT')),
  sessionSecret: given('SESSION_SECRET'),
  /** `lmdb:<folder>` or `redis://host:port`. */
  sessionStore: given('SESSION_STORE'),
};

/** The front end of the sample requests, on another origin than the server, as the original's was. */
export const frontEnd = 'http://localhost:3000';

/** The session cookie's name; the gateway's, so that one cookie opens a session everywhere. */
export const cookieName = 'mcm_session';

/** How long a session lives without a request, in milliseconds: what the gateway's idle limit is by default. */
export const idleMillis = 60 * 60_000;

function given(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is missing: npm run bench sets it`);
  return value;
}
