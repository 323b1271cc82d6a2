/** Ends after so many milliseconds, or before that when whoever asked has gone. */
export function endOf(milliseconds: number, gone: AbortSignal | undefined): AbortSignal {
  const deadline = AbortSignal.timeout(milliseconds);
  return gone ? AbortSignal.any([deadline, gone]) : deadline;
}

/** Rejects when the signal ends, even where an SDK does not watch it. */
export function beforeEnd<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(signal.reason);
    if (signal.aborted) late();
    signal.addEventListener('abort', late, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', late));
  });
}
