import { stamp } from './parts.js';

/** Above this many rows a table gets a search box. */
const SEARCH_FROM_ROWS = 10;

/** The table of one account's subscriptions, with a search box when it is long. */
export function subscriptionTable(subscriptions, { displayName, tenantId }) {
  const caption = `Subscriptions of ${displayName ? `${displayName}, ` : ''}tenant ${tenantId}`;
  const { fragment, slots } = stamp('subscriptions', { caption });
  const rows = subscriptions.map(subscriptionRow);
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

/** A row, and the text that a search finds it by. */
function subscriptionRow({ subscriptionId, displayName, state }) {
  const { fragment, slots } = stamp('subscription', {
    name: displayName ?? 'Unnamed',
    id: subscriptionId,
    state: state ?? 'Unknown',
  });
  slots.state.dataset.state = state ?? '';
  return {
    element: fragment.firstElementChild,
    text: `${displayName ?? ''} ${subscriptionId}`.toLowerCase(),
  };
}
