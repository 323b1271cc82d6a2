export type Patience = {
  /** How long an input may be without an answer or a close, in milliseconds. */
  patienceMs: number;
  /** Whether the server answers others, and at once; resolves when that is known. */
  isResponsive(): Promise<boolean>;
};

/** What a responsive server takes at most for a few simple requests, in milliseconds. */
const promptMs = 500;

/** How often the patience is given again where everything is slow. */
const mostExtensions = 10;

/**
 * Calls `late` when the patience is over, unless it is told before that the waiting has ended. Where the server is slow
 * for everybody, as on a machine that does much else, that is no fault of the input, and it gets more time.
 *
 * @returns what ends the waiting
 */
export function whenLate({ patienceMs, isResponsive }: Patience, late: () => void): () => void {
  let isWaiting = true;
  let timer: NodeJS.Timeout;
  const wait = (extensions: number) => {
    timer = setTimeout(async () => {
      const isHung = extensions === 0 || (await isResponsive());
      if (!isWaiting) return;
      if (isHung) late();
      else wait(extensions - 1);
    }, patienceMs);
  };
  wait(mostExtensions);
  return () => {
    isWaiting = false;
    clearTimeout(timer);
  };
}

/** Asks a few times for the path that costs the least. */
export async function answersPromptly(port: number): Promise<boolean> {
  const startedAt = performance.now();
  for (let time = 0; time < 3; time++) {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
    await answer?.arrayBuffer().catch(() => undefined);
  }
  return performance.now() - startedAt < promptMs;
}
