/** What has to be undone when the bench is stopped by a signal, or fails: each started process, each folder. */
const undone = new Set<() => void>();

/** Registers `undo`, which must be quick and synchronous; the function that is returned takes it back. */
export function onEnd(undo: () => void): () => void {
  undone.add(undo);
  return () => void undone.delete(undo);
}

/** Makes sure that whatever ends the bench, but for SIGKILL, leaves nothing running and no folders behind. */
export function cleanUpAtEnd(): void {
  process.on('exit', () => {
    for (const undo of [...undone].reverse()) undo();
  });
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)
    process.on(signal, () => process.exit(code));
}
