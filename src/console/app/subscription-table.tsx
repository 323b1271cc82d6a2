import { useState } from 'react';
import { useTexts } from './language.tsx';
import type { Subscription } from './subscriptions.ts';

/** Above this many rows a table gets a search box. */
const searchFromRows = 10;

/** The table of one tenant's subscriptions, with a search box when it is long. */
export function SubscriptionTable(props: { caption: string; subscriptions: readonly Subscription[] }) {
  const { caption, subscriptions } = props;
  const texts = useTexts();
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const found = subscriptions.filter(({ displayName, subscriptionId }) =>
    `${displayName ?? ''} ${subscriptionId}`.toLowerCase().includes(wanted),
  );
  const isLong = subscriptions.length > searchFromRows;
  const all = texts.subscriptionCount(subscriptions.length);
  return (
    <>
      <div className="toolbar">
        <p className="count" role="status">
          {wanted ? texts.found(found.length, all) : all}
        </p>
        {isLong && (
          <label>
            <span>{texts.searchSubscriptions}</span>{' '}
            <input
              type="search"
              autoComplete="off"
              spellCheck={false}
              placeholder={texts.nameOrId}
              value={search}
              onChange={({ target }) => setSearch(target.value)}
            />
          </label>
        )}
      </div>
      {found.length > 0 && (
        // A box that scrolls must be reachable by keyboard, and what is reachable needs a name.
        <div className="scroll" {...(isLong && { tabIndex: 0, role: 'region', 'aria-label': caption })}>
          <table>
            <caption className="unseen">{caption}</caption>
            <thead>
              <tr>
                <th scope="col">{texts.name}</th>
                <th scope="col">{texts.subscriptionId}</th>
                <th scope="col">{texts.state}</th>
              </tr>
            </thead>
            <tbody>
              {found.map((subscription) => (
                <Row key={subscription.id} {...subscription} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function Row({ displayName, subscriptionId, state }: Subscription) {
  const texts = useTexts();
  return (
    <tr>
      <th scope="row">{displayName ?? texts.unnamed}</th>
      <td className="id">{subscriptionId}</td>
      <td>
        <span className="state" data-state={state ?? ''}>
          {state ? (texts.states[state] ?? state) : texts.unknownState}
        </span>
      </td>
    </tr>
  );
}
