import type { Request } from 'express';
import { type BuiltPages, wantsPage } from '../pages/built-pages.ts';

/** What a page tells of a failure; see `http/failures.ts`. */
type Told = { code: string; message: string; requestId: string };

/**
 * A failed sign-in ends in somebody's browser: there it is the console that says why, with the ways to sign in again
 * and back to the front end. Programs get what they get elsewhere: undefined here; and so does everybody on the paths
 * below, where there is nothing, and whose method is refused. To be used on the path of a sign-in.
 */
export const failedSignInPage =
  (pages: BuiltPages, frontendUrl: string | undefined) =>
  (req: Request, { code, message, requestId }: Told): string | undefined => {
    const console = pages.html('console');
    if (!console || req.path !== '/' || code === 'METHOD_NOT_ALLOWED' || !wantsPage(req)) return undefined;
    const frontEnd = frontendUrl ? ` data-front-end="${escapeHtml(frontendUrl)}"` : '';
    const element = [
      `<div id="failed-sign-in" data-code="${code}" data-request-id="${escapeHtml(requestId)}"${frontEnd}>`,
      `<p>${escapeHtml(message)}</p>`,
      '<p><a href="/">Multi-cloud session gateway</a></p>',
      '</div>',
    ].join('');
    return console.replace('<!--failed-sign-in-->', () => element);
  };

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (letter) => entities[letter] ?? letter);
