import { setTimeout as delay } from 'node:timers/promises';

/** Waits so many milliseconds, or until `stopped`: never rejects. */
export async function pause(milliseconds: number, stopped: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal: stopped }).catch(() => {});
}
