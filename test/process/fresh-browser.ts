import { Browser } from '../support/browser.ts';

/** A browser that opens a connection for each request: a gateway of several processes gives them out in turn. */
export class FreshBrowser extends Browser {
  override fetch(pathOrUrl: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('connection', 'close');
    return super.fetch(pathOrUrl, { ...init, headers });
  }
}
