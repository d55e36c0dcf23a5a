/**
 * Answers that are often there at once: a cache's, or those of a database on this thread. Waiting for a promise costs a
 * read of a wallet more than finding it does, so look-ups answer with the value itself where they have it.
 */

/** A value, or a promise of it. `await` takes both. */
export type Awaitable<Value> = Value | Promise<Value>;

/** Goes on with a value: at once if it is there, else when it has come. Failures pass through, thrown or rejected. */
export function onceThere<Value, Result>(
  value: Awaitable<Value>,
  proceed: (value: Value) => Awaitable<Result>,
): Awaitable<Result> {
  return value instanceof Promise ? value.then(proceed) : proceed(value);
}
