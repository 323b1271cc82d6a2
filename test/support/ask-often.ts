import type { Browser } from './browser.ts';

/** GETs a path so many times, some at once, and says how often each status was the answer. */
export async function askOften(
  browser: Browser,
  path: string,
  times: number,
): Promise<Record<number, number>> {
  const statuses: Record<number, number> = {};
  let left = times;
  const ask = async () => {
    while (left-- > 0) {
      const answer = await browser.fetch(path);
      await answer.arrayBuffer();
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: 20 }, ask));
  return statuses;
}
