import { accountCard } from './account-card.js';
import { announce, failureBox, loadingLine } from './parts.js';
import { CONSOLE_DISCONNECT, CONSOLE_SUBSCRIPTIONS, GatewayError, send } from './session-api.js';
import { subscriptionTable } from './subscription-table.js';

/**
 * The cards of the connected accounts. `slots` are the list, its heading and what stands there when it is empty;
 * `session` is what console.js lets a part of the page do with the session.
 */
export function createAccountList(slots, session) {
  /** The cards on show by account id, in order. */
  let cards = new Map();

  /** Shows these accounts. A card whose account has not changed stays, with what it has loaded. */
  function show(accounts) {
    const fresh = [];
    const next = new Map();
    for (const account of accounts) {
      const shown = cards.get(account.id);
      const card = shown && isSame(shown.account, account) ? shown : newCard(account);
      if (card !== shown) fresh.push(card);
      next.set(account.id, card);
    }
    const kept = new Set(next.values());
    for (const card of cards.values()) if (!kept.has(card)) card.element.remove();
    // Moving a card that is in its place already would take the focus from it.
    let place = slots.cards.firstElementChild;
    for (const { element } of next.values()) {
      if (element === place) place = place.nextElementSibling;
      else slots.cards.insertBefore(element, place);
    }
    cards = next;
    slots.empty.hidden = cards.size > 0;
    fillSubscriptions(
      fresh.filter(({ account }) => account.__typename === 'AzureAccount'),
      session,
    );
  }

  const newCard = (account) => accountCard(account, () => disconnect(account.id));

  /** Moves the keyboard to the card of this account. */
  function focus(id) {
    cards.get(id)?.heading.focus();
  }

  async function disconnect(id) {
    const position = [...cards.keys()].indexOf(id);
    try {
      await send(CONSOLE_DISCONNECT, { variables: { id }, signal: session.signal });
    } catch (error) {
      if (await session.hasEnded(error)) return;
      // Another tab was faster, and the account is gone as it should be.
      if (error.code !== 'ACCOUNT_NOT_FOUND') throw error;
    }
    if (!(await session.readAgain())) return;
    const left = [...cards.values()];
    (left[position] ?? left.at(-1) ?? slots).heading.focus();
    announce('Account disconnected.');
  }

  return { show, focus };
}

const isSame = (account, other) => JSON.stringify(account) === JSON.stringify(other);

/**
 * Asks for the live subscriptions and fills these Azure cards, each with its table or its own failure.
 * Answers are matched by account id: another tab may have connected an account in the meantime.
 */
async function fillSubscriptions(cards, session) {
  if (cards.length === 0) return;
  const retry = (card) => {
    card.heading.focus();
    fillSubscriptions([card], session);
  };
  const fail = (card, error) => card.details.replaceChildren(failureBox(error, 'Retry', () => retry(card)));
  for (const { details } of cards) details.replaceChildren(loadingLine('Loading subscriptions…'));
  announce('Loading subscriptions…');

  try {
    const { data, errors } = await send(CONSOLE_SUBSCRIPTIONS, { signal: session.signal });
    if (!session.goesOn(data.me)) return;
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
    announce(
      failed
        ? `The subscriptions of ${failed} of ${cards.length} tenants could not be listed; each says why.`
        : 'Subscriptions updated.',
    );
  } catch (error) {
    if (session.signal.aborted) return;
    for (const card of cards) fail(card, error);
    announce(error.message);
  }
}
