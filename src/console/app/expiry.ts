import { useEffect } from 'react';
import { gatewayNow } from './gateway-client.ts';

/** The longest delay that `setTimeout` keeps; a longer one would fire at once. */
const longestDelayMillis = 2 ** 31 - 1;

/**
 * Calls `onExpired` at that moment, so that its data leaves the screen then. The gateway is not asked: a question
 * counts as use, and two open tabs would keep each other alive for ever.
 */
export function useExpiry(expiresAt: string | null | undefined, onExpired: () => void): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is called then does not move the moment
  useEffect(() => {
    if (!expiresAt) return;
    const delayMillis = new Date(expiresAt).getTime() - gatewayNow();
    // Its clock is read to the second.
    if (delayMillis <= 0) return;
    const timer = setTimeout(onExpired, Math.min(delayMillis, longestDelayMillis));
    return () => clearTimeout(timer);
  }, [expiresAt]);
}
