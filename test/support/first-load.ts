import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What Vite writes of each module that it built. */
type Chunk = { file: string; imports?: string[]; css?: string[] };

const pages = fileURLToPath(new URL('../../dist/pages/', import.meta.url));

/** The most that a first visit of the console may load of script and style, in bytes, compressed. */
export const firstLoadLimit = 150_000;

/** What it does load, in bytes: as gzip, which every browser takes; with Brotli it is less. */
export function firstLoadBytes(): number {
  const manifest: Record<string, Chunk> = JSON.parse(readFileSync(`${pages}.vite/manifest.json`, 'utf8'));
  const files = new Set<string>();
  const seen = new Set<string>();
  const visit = (name: string): void => {
    const chunk = manifest[name];
    if (!chunk || seen.has(name)) return;
    seen.add(name);
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file);
    for (const imported of chunk.imports ?? []) visit(imported);
  };
  visit('console/app/index.html');
  if (files.size === 0) throw new Error('The console is not among the built pages');
  return [...files].reduce((sum, file) => sum + statSync(`${pages}${file}.gz`).size, 0);
}
