/**
 * Rejects what takes longer. Answers that have arrived while this process was busy are looked at first: its own
 * slowness is not the store's.
 */
export async function beforeDeadline<T>(work: Promise<T>, millis: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => setImmediate(() => late.reject(new Error(`No answer within ${millis} ms`))),
    millis,
  );
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
