import { useCallback, useEffect, useState } from 'react';
import { type Failure, failureOf } from './failures.ts';

/** Something that is read from the gateway: on its way, here, or failed. */
export type Reading<T> =
  | { state: 'reading' }
  | { state: 'read'; value: T }
  | { state: 'failed'; failure: Failure; again(): void };

/** Reads once when it is wanted, and again when asked to. `read` has to be the same function each time. */
export function useReading<T>(read: (signal: AbortSignal) => Promise<T>, isWanted = true): Reading<T> {
  const [tries, setTries] = useState(0);
  const [reading, setReading] = useState<Reading<T>>({ state: 'reading' });
  const again = useCallback(() => setTries((count) => count + 1), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another try is what `tries` is for
  useEffect(() => {
    if (!isWanted) return;
    const view = new AbortController();
    setReading({ state: 'reading' });
    read(view.signal).then(
      (value) => {
        if (!view.signal.aborted) setReading({ state: 'read', value });
      },
      (error: unknown) => {
        if (!view.signal.aborted) setReading({ state: 'failed', failure: failureOf(error), again });
      },
    );
    return () => view.abort();
  }, [read, isWanted, tries, again]);

  return reading;
}
