import { CookieJar } from 'tough-cookie';

/** What a GraphQL endpoint answers, as far as tests look at it. */
export type GraphqlAnswer = {
  data?: Record<string, unknown> | null;
  errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
};

/**
 * A browser without JavaScript: it keeps cookies by their rules, and follows a redirect only when told to.
 * Paths are taken at `baseUrl`.
 */
export class Browser {
  readonly jar = new CookieJar();
  readonly baseUrl: string;

  constructor(baseUrl: string) {
    this.baseUrl = baseUrl;
  }

  async fetch(pathOrUrl: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(pathOrUrl, this.baseUrl).href;
    const headers = new Headers(init.headers);
    const cookies = await this.jar.getCookieString(url);
    if (cookies && !headers.has('cookie')) headers.set('cookie', cookies);
    const response = await fetch(url, { redirect: 'manual', ...init, headers });
    for (const cookie of response.headers.getSetCookie()) await this.jar.setCookie(cookie, url);
    return response;
  }

  /** Follows redirects, as a click on a link does; returns the last answer and where it came from. */
  async visit(pathOrUrl: string, init: RequestInit = {}): Promise<{ response: Response; url: string }> {
    let url = new URL(pathOrUrl, this.baseUrl).href;
    let response = await this.fetch(url, init);
    for (let hops = 0; isRedirect(response) && hops < 20; hops++) {
      url = new URL(response.headers.get('location') ?? '', url).href;
      response = await this.fetch(url);
    }
    return { response, url };
  }

  async json<T = unknown>(path: string, init: RequestInit = {}): Promise<T> {
    return (await (await this.fetch(path, init)).json()) as T;
  }

  async graphql(query: string, variables: Record<string, unknown> = {}): Promise<GraphqlAnswer> {
    return this.json('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
  }

  /** Starts a sign-in and presses the button of a person on the provider's page; stops before the callback. */
  async authorize(persona: string, loginPath = '/api/login/azure'): Promise<string> {
    const { response, url } = await this.visit(loginPath);
    const page = await response.text();
    const action = /<form[^>]*action="([^"]*)"/.exec(page)?.[1];
    if (action === undefined)
      throw new Error(`No form on ${new URL(url).pathname} (${response.status}): ${page}`);
    let next = new URL(action, url).href;
    let answer = await this.fetch(next, { method: 'POST', body: new URLSearchParams(button(persona)) });
    while (isRedirect(answer)) {
      next = new URL(answer.headers.get('location') ?? '', next).href;
      if (next.startsWith(this.baseUrl)) return next;
      answer = await this.fetch(next);
    }
    throw new Error(`The provider did not send the browser back: ${answer.status} ${await answer.text()}`);
  }

  /** A whole sign-in; returns the callback's answer. */
  async signIn(persona: string, loginPath = '/api/login/azure'): Promise<Response> {
    return this.fetch(await this.authorize(persona, loginPath));
  }

  /** The value of a cookie that this browser would send to the gateway. */
  async cookie(name: string): Promise<string | undefined> {
    const cookies = await this.jar.getCookies(this.baseUrl);
    return cookies.find((cookie) => cookie.key === name)?.value;
  }
}

const isRedirect = (response: Response): boolean => response.status >= 301 && response.status <= 308;
const button = (persona: string): Record<string, string> =>
  persona === 'cancel' ? { cancel: '1' } : { persona };
