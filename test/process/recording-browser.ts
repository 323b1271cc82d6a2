import { Browser } from '../support/browser.ts';

/** A browser that keeps everything the gateway, and nobody else, has answered it. */
export class RecordingBrowser extends Browser {
  /** Status, headers and body of each answer; cookies apart, which are secrets in the right place. */
  readonly answers: string[] = [];
  readonly cookies: string[] = [];

  override async fetch(pathOrUrl: string, init: RequestInit = {}): Promise<Response> {
    const response = await super.fetch(pathOrUrl, init);
    if (new URL(pathOrUrl, this.baseUrl).origin !== this.baseUrl) return response;
    const headers = [...response.headers].filter(([name]) => name !== 'set-cookie');
    this.answers.push(`${response.status} ${JSON.stringify(headers)} ${await response.clone().text()}`);
    this.cookies.push(...response.headers.getSetCookie());
    return response;
  }

  /** The values of all cookies that it was given, as they are and as what they carry: a session's id, signed. */
  cookieValues(): string[] {
    return this.cookies
      .map((cookie) => cookie.slice(cookie.indexOf('=') + 1).split(';')[0] ?? '')
      .filter((value) => value !== '')
      .flatMap((value) => {
        const [, sessionId] = /^s:([^.]+)\./.exec(decodeURIComponent(value)) ?? [];
        return sessionId === undefined ? [value] : [value, decodeURIComponent(value), sessionId];
      });
  }
}
