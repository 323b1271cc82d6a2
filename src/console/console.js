/**
 * The built-in console: shows the browser's session, read from `/graphql`.
 *
 * Two queries, so that a slow cloud never holds up the page: the first reads what the session holds, the
 * second asks Azure, and each account shows its own wait and its own failure. Tokens are never asked for.
 */

import { createAccountList } from './account-list.js';
import { connectAccount, signInLinks } from './connect-account.js';
import { announce, failureBox, loadingLine, stamp } from './parts.js';
import { CONSOLE, CONSOLE_LOGOUT, GatewayError, read, send } from './session-api.js';

/** The longest delay that `setTimeout` keeps; a longer one would fire at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

const [problem, view] = ['problem', 'view'].map((id) => document.getElementById(id));

/** Aborted whenever the page turns to something else, so that no late answer brings back cleared data. */
let page = new AbortController();
let expiryTimer;

/** What the gateway offers: see pages.ts. Read with the session, before any view is shown. */
let offer = { signIns: [], aws: false };

/** Clears everything on show, forgets answers still on their way, and says what is going on. */
function turnPage(text) {
  page.abort();
  page = new AbortController();
  clearTimeout(expiryTimer);
  problem.replaceChildren();
  view.replaceChildren(loadingLine(text));
  announce(text);
  return page.signal;
}

/** Puts a finished view on show; `focus` moves the keyboard to its heading, after a button that is gone. */
function show(fragment, focus) {
  announce('');
  view.replaceChildren(fragment);
  if (focus) view.querySelector('h1').focus();
}

/** Puts a failure in place of the view. */
function showProblem(error, again) {
  announce('');
  view.replaceChildren();
  problem.replaceChildren(failureBox(error, 'Try again', again));
}

/** The view for a browser with no session; `notice` says why that is so to somebody who had one. */
function showSignedOut(focus, notice = '') {
  const { fragment, slots } = stamp('signed-out', { notice });
  slots.notice.hidden = !notice;
  slots.signIns.append(...signInLinks(offer.signIns, 'label', 'button'));
  slots.none.hidden = offer.signIns.length > 0;
  show(fragment, focus);
  announce(notice);
}

/** The view for somebody whose session ended while they were looking at it. */
function showEnded() {
  turnPage('');
  showSignedOut(true, 'Your session has ended. Sign in again to go on.');
}

/**
 * Shows until when the session lasts, and takes its data off the screen at that moment.
 * It does not ask the gateway then: a question counts as use, and two open tabs would keep each other alive
 * for ever.
 */
function showExpiry(element, sessionExpiresAt) {
  element.parentElement.hidden = !sessionExpiresAt;
  clearTimeout(expiryTimer);
  if (!sessionExpiresAt) return;
  const expires = new Date(sessionExpiresAt);
  element.dateTime = sessionExpiresAt;
  element.textContent = expires.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  const delayMs = expires - Date.now();
  // A session that the gateway calls alive and this clock calls over: the clock is wrong.
  if (delayMs <= 0) return;
  expiryTimer = setTimeout(
    () => {
      turnPage('');
      showProblem(new GatewayError('This session has reached its time limit.'), () => load(true));
    },
    Math.min(delayMs, MAX_DELAY_MS),
  );
}

/** The view of a session: who, until when, the connected accounts, and how to connect another. */
function showSignedIn({ me, accounts }, focus, signal) {
  const { fragment, slots } = stamp('signed-in', {
    who: me.name ?? me.email ?? 'Signed in',
    email: me.email,
  });
  slots.email.hidden = !me.name || !me.email;
  slots.signOut.addEventListener('click', signOut);

  /** What the parts of this view may do with the session. Where it has ended, the page turns by itself. */
  const session = {
    /** Aborted when this view is no longer on show. */
    signal,
    /** Takes note of an answer's `me`; false when it is nobody. */
    goesOn({ loggedIn, sessionExpiresAt }) {
      if (loggedIn) showExpiry(slots.expires, sessionExpiresAt);
      else showEnded();
      return loggedIn;
    },
    /** Shows the accounts and the time limit afresh, after a change; false when this person's session is over. */
    async readAgain() {
      const { data } = await send(CONSOLE, { signal });
      if (!session.goesOn(data.me)) return false;
      if (data.me.name !== me.name || data.me.email !== me.email) {
        // Somebody else signed in meanwhile, in another tab.
        load(true);
        return false;
      }
      list.show(data.accounts);
      return true;
    },
    /** Whether a failure needs no telling: this view is over, or it is now, because this person is signed out. */
    async hasEnded({ code }) {
      if (signal.aborted) return true;
      return code === 'UNAUTHENTICATED' && !(await session.readAgain());
    },
  };
  const list = createAccountList(slots, session);
  slots.connect.append(connectAccount(offer, session, list.focus) ?? '');
  show(fragment, focus);
  session.goesOn(me);
  list.show(accounts);
}

/** Reads the session afresh and shows it. */
async function load(focus = false) {
  const signal = turnPage('Reading your session…');
  try {
    const [offered, { data }] = await Promise.all([
      read('/console.json', { signal }),
      send(CONSOLE, { signal }),
    ]);
    offer = offered;
    if (data.me.loggedIn) showSignedIn(data, focus, signal);
    else showSignedOut(focus);
  } catch (error) {
    if (!signal.aborted) showProblem(error, () => load(true));
  }
}

/** Ends the session. The data leaves the screen at once, and the request outlives the page if it is closed. */
async function signOut() {
  const signal = turnPage('Signing out…');
  try {
    const { errors } = await send(CONSOLE_LOGOUT, { keepalive: true });
    if (errors.length > 0) throw new GatewayError(errors[0].message, errors[0].extensions);
    if (!signal.aborted) showSignedOut(true);
  } catch (error) {
    if (signal.aborted) return;
    error.message = `You may still be signed in. ${error.message}`;
    showProblem(error, signOut);
  }
}

// A page kept for the back button must hold nothing, and reads the session again when it returns.
addEventListener('pagehide', () => turnPage(''));
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) load();
});

load();
