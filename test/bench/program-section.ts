import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { onEnd } from './cleanup.ts';
import { bothCores, pinned } from './pinning.ts';
import type { Section } from './section.ts';

/**
 * A section that is a program of its own, in a file of this folder that can also be run alone: it writes a table
 * for people to standard error, and the same as JSON to standard output.
 */
export const programSection = (part: {
  name: string;
  title: string;
  /** What the table shows, in a sentence or two. */
  about: string;
  /** The file, and its arguments. */
  program: readonly [file: string, ...args: string[]];
}): Section => ({
  name: part.name,
  title: part.title,
  async run({ progress }) {
    const [file, ...args] = part.program;
    progress(`running test/bench/${file}`);
    const program = fileURLToPath(new URL(file, import.meta.url));
    // This process is on one core, where its children would be too.
    const [command, ...all] = pinned(bothCores, [process.execPath, program, ...args]);
    const child = spawn(command, all, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true, // so that all that it starts ends with it
    });
    const { pid = 0 } = child;
    const forget = onEnd(() => {
      try {
        process.kill(-pid, 'SIGKILL');
      } catch {
        // it has ended already
      }
    });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    forget();
    if (code !== 0) throw new Error(`test/bench/${file} ended with ${code}:\n${stderr}`);
    return {
      markdown: `${part.about}\n\n\`\`\`\n${stderr.trim()}\n\`\`\``,
      json: JSON.parse(stdout),
    };
  },
});
