import type { ServerResponse } from 'node:http';

const place = Symbol('where it is in the list');
type Listed = ServerResponse & { [place]?: number | undefined };

/** The answers that are under way. */
export type UnderWay = {
  readonly list: readonly ServerResponse[];
  add(res: ServerResponse): void;
  delete(res: ServerResponse): void;
};

/**
 * As a Set, which V8 makes anew whenever it has become empty, and among what is collected last: with one request
 * at a time, a few megabytes a second, and every ten seconds a pause.
 */
export function createUnderWay(): UnderWay {
  const list: Listed[] = [];
  return {
    list,
    add(res: Listed) {
      res[place] = list.push(res) - 1;
    },
    delete(res: Listed) {
      const at = res[place];
      const last = list.at(-1);
      if (at === undefined || !last) return;
      list[at] = last;
      last[place] = at;
      list.pop();
      res[place] = undefined;
    },
  };
}
