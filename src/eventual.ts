/** What is here at once, where nobody has to be waited for, as most is on the hot path; `await` takes either. */
export type Eventual<T> = T | Promise<T>;

export const isPromise = <T>(value: Eventual<T>): value is Promise<T> => value instanceof Promise;

/** What is asked for; where that throws or rejects, what `failed` throws. */
export function orThrow<T>(ask: () => Eventual<T>, failed: (error: unknown) => never): Eventual<T> {
  try {
    const answer = ask();
    return isPromise(answer) ? answer.catch(failed) : answer;
  } catch (error) {
    return failed(error);
  }
}
