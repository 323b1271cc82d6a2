import { useSyncExternalStore } from 'react';

let text = '';
const listeners = new Set<() => void>();

/** Says something to those who hear the page rather than see it. */
export function announce(next: string): void {
  text = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Where announcements appear: one place that stays, or screen readers miss what it says. */
export function Announcer() {
  return (
    <p className="unseen" role="status">
      {useSyncExternalStore(subscribe, () => text)}
    </p>
  );
}
