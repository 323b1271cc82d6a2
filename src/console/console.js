/**
 * The built-in console: shows the browser's session, read from `/graphql`.
 *
 * Two queries, so that a slow cloud never holds up the page: the first reads what the session holds, the
 * second asks Azure, and each account shows its own wait and its own failure. Data reaches the page through
 * `textContent` only, and tokens are never asked for.
 */

import { CONSOLE, CONSOLE_LOGOUT, CONSOLE_SUBSCRIPTIONS, GatewayError, send } from './session-api.js';

/** The sign-ins on offer, in the order of their buttons. */
const SIGN_INS = [{ label: 'Sign in with Microsoft', href: '/api/login/azure' }];

/** What each kind of account shows below its name: a label, and the field that holds the value. */
const FACTS = {
  AzureAccount: [['Tenant ID', 'tenantId']],
  GcpAccount: [['E-mail', 'email']],
  AwsAccount: [
    ['Account ID', 'accountId'],
    ['Role ARN', 'roleArn'],
  ],
};

const PROVIDER_LABELS = { azure: 'Microsoft Azure', gcp: 'Google Cloud', aws: 'Amazon Web Services' };

/** Above this many rows a table gets a search box. */
const SEARCH_FROM_ROWS = 10;

/** The longest delay that `setTimeout` keeps; a longer one would fire at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

const [announcer, problem, view] = ['announcer', 'problem', 'view'].map((id) => document.getElementById(id));

/** Aborted whenever the page turns to something else, so that no late answer brings back cleared data. */
let page = new AbortController();
let expiryTimer;

/** A copy of the template, and its `data-slot` elements by name; `texts` fills slots, null empties one. */
function stamp(templateId, texts = {}) {
  const fragment = document.getElementById(templateId).content.cloneNode(true);
  const slots = {};
  for (const element of fragment.querySelectorAll('[data-slot]')) slots[element.dataset.slot] = element;
  for (const [name, text] of Object.entries(texts)) slots[name].textContent = text;
  return { fragment, slots };
}

/** A link that looks like a button, for one entry of SIGN_INS. */
function signInLink({ label, href }) {
  const link = document.createElement('a');
  link.className = 'button';
  link.href = href;
  link.textContent = label;
  return link;
}

/** An explained failure with a button, `label`, that calls `again`. */
function failureBox(error, label, again) {
  const { fragment, slots } = stamp('failure', {
    message: error.message,
    requestId: error.requestId,
    again: label,
  });
  if (!error.requestId) slots.requestId.parentElement.remove();
  slots.again.addEventListener('click', again);
  return fragment;
}

/** Clears everything on show, forgets answers still on their way, and says what is going on. */
function turnPage(text) {
  page.abort();
  page = new AbortController();
  clearTimeout(expiryTimer);
  problem.replaceChildren();
  view.replaceChildren(stamp('loading', { text }).fragment);
  announcer.textContent = text;
  return page.signal;
}

/** Puts a finished view on show; `focus` moves the keyboard to its heading, after a button that is gone. */
function show(fragment, focus) {
  announcer.textContent = '';
  view.replaceChildren(fragment);
  if (focus) view.querySelector('h1').focus();
}

/** Puts a failure in place of the view. */
function showProblem(error, again) {
  announcer.textContent = '';
  view.replaceChildren();
  problem.replaceChildren(failureBox(error, 'Try again', again));
}

/** The view for a browser with no session. */
function showSignedOut(focus) {
  const { fragment, slots } = stamp('signed-out');
  slots.signIns.append(...SIGN_INS.map(signInLink));
  show(fragment, focus);
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

/** The table of one account's subscriptions, with a search box when it is long. */
function subscriptionTable(subscriptions, { displayName, tenantId }) {
  const caption = `Subscriptions of ${displayName ? `${displayName}, ` : ''}tenant ${tenantId}`;
  const { fragment, slots } = stamp('subscriptions', { caption });
  const rows = subscriptions.map(({ subscriptionId, displayName, state }) => {
    const row = stamp('subscription', {
      name: displayName ?? 'Unnamed',
      id: subscriptionId,
      state: state ?? 'Unknown',
    });
    row.slots.state.dataset.state = state ?? '';
    const element = row.fragment.firstElementChild;
    return { element, text: `${displayName ?? ''} ${subscriptionId}`.toLowerCase() };
  });
  slots.rows.append(...rows.map(({ element }) => element));

  const total = `${rows.length} ${rows.length === 1 ? 'subscription' : 'subscriptions'}`;
  slots.count.textContent = total;
  slots.scroll.hidden = rows.length === 0;
  if (rows.length <= SEARCH_FROM_ROWS) {
    slots.search.remove();
    return fragment;
  }

  // A box that scrolls must be reachable by keyboard, and what is reachable needs a name.
  slots.scroll.tabIndex = 0;
  slots.scroll.role = 'region';
  slots.scroll.ariaLabel = caption;
  slots.search.querySelector('input').addEventListener('input', ({ target }) => {
    const wanted = target.value.trim().toLowerCase();
    for (const { element, text } of rows) element.hidden = !text.includes(wanted);
    const found = rows.filter(({ element }) => !element.hidden).length;
    slots.count.textContent = wanted ? `${found} of ${total}` : total;
    slots.scroll.hidden = found === 0;
  });
  return fragment;
}

/** One account as a card; `details` is where an Azure account's subscriptions go. */
function accountCard(account) {
  const provider = PROVIDER_LABELS[account.provider];
  const title = account.displayName ?? account.email ?? `${provider} account`;
  const { fragment, slots } = stamp('account', { provider, title });
  const facts = FACTS[account.__typename].filter(([, field]) => account[field]);
  slots.facts.append(
    ...facts.map(([label, field]) => stamp('fact', { label, value: account[field] }).fragment),
  );
  if (account.__typename === 'AzureAccount') fragment.firstElementChild.classList.add('wide');
  else slots.details.remove();
  return { account, fragment, details: slots.details };
}

/**
 * Asks for the live subscriptions and fills these Azure cards, each with its table or its own failure.
 * Answers are matched by account id: another tab may have connected an account in the meantime.
 */
async function fillSubscriptions(cards, expiresElement, signal) {
  if (cards.length === 0) return;
  const retry = (card) => {
    card.details.closest('article').querySelector('h3').focus();
    fillSubscriptions([card], expiresElement, signal);
  };
  const fail = (card, error) => card.details.replaceChildren(failureBox(error, 'Retry', () => retry(card)));
  for (const { details } of cards)
    details.replaceChildren(stamp('loading', { text: 'Loading subscriptions…' }).fragment);
  announcer.textContent = 'Loading subscriptions…';

  try {
    const { data, errors } = await send(CONSOLE_SUBSCRIPTIONS, { signal });
    if (!data.me.loggedIn) return load();
    showExpiry(expiresElement, data.me.sessionExpiresAt);
    let failed = 0;
    for (const card of cards) {
      const index = data.accounts.findIndex(({ id }) => id === card.account.id);
      const error = errors.find(({ path }) => path?.[0] === 'accounts' && path[1] === index);
      const subscriptions = data.accounts[index]?.subscriptionDetails;
      if (subscriptions) {
        card.details.replaceChildren(subscriptionTable(subscriptions, card.account));
        continue;
      }
      failed += 1;
      const reason = error?.message ?? "The gateway did not list this account's subscriptions.";
      fail(card, new GatewayError(reason, error?.extensions));
    }
    announcer.textContent = failed
      ? `The subscriptions of ${failed} of ${cards.length} tenants could not be listed; each says why.`
      : 'Subscriptions updated.';
  } catch (error) {
    if (signal.aborted) return;
    for (const card of cards) fail(card, error);
    announcer.textContent = error.message;
  }
}

/** The view of a session: who, until when, and the connected accounts. */
function showSignedIn({ me, accounts }, focus, signal) {
  const { fragment, slots } = stamp('signed-in', {
    who: me.name ?? me.email ?? 'Signed in',
    email: me.email,
  });
  slots.email.hidden = !me.name || !me.email;
  slots.empty.hidden = accounts.length > 0;
  slots.signOut.addEventListener('click', signOut);
  const cards = accounts.map(accountCard);
  slots.cards.append(...cards.map((card) => card.fragment));
  show(fragment, focus);
  showExpiry(slots.expires, me.sessionExpiresAt);
  const azureCards = cards.filter(({ account }) => account.__typename === 'AzureAccount');
  return fillSubscriptions(azureCards, slots.expires, signal);
}

/** Reads the session afresh and shows it. */
async function load(focus = false) {
  const signal = turnPage('Reading your session…');
  try {
    const { data } = await send(CONSOLE, { signal });
    if (data.me.loggedIn) await showSignedIn(data, focus, signal);
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
