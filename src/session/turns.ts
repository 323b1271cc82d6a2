/** Runs works of one name one after the other, in the order in which they came; each gets its own outcome. */
export function createTurns(): <T>(name: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();

  return (name, work) => {
    const before = last.get(name) ?? Promise.resolve();
    const mine = before.then(work);
    const over = mine
      .catch(() => {})
      .then(() => {
        if (last.get(name) === over) last.delete(name);
      });
    last.set(name, over);
    return mine;
  };
}
