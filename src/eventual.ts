/** What is here at once, where nobody has to be waited for, as most is on the hot path; `await` takes either. */
export type Eventual<T> = T | Promise<T>;

export const isPromise = <T>(value: Eventual<T>): value is Promise<T> => value instanceof Promise;

/** Goes on with a value when it is here: at once, if it is. */
export const when = <T, R>(value: Eventual<T>, then: (value: T) => Eventual<R>): Eventual<R> =>
  isPromise(value) ? value.then(then) : then(value);
