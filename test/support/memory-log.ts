import { createLog, type Log } from '../../src/log.ts';

/** A log that keeps its lines: `text()` is what a canary is searched in, `entries()` what a test looks at. */
export type MemoryLog = { log: Log; text(): string; entries(): Record<string, unknown>[] };

export function createMemoryLog(options: { secrets?: readonly string[] } = {}): MemoryLog {
  const lines: string[] = [];
  const destination = {
    write(line: string) {
      lines.push(line);
    },
  };
  return {
    log: createLog({ level: 'trace', destination, ...options }),
    text: () => lines.join(''),
    entries: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}
