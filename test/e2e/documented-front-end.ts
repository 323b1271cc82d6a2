import { execFile } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

/** A code block of `docs/front-end.md`; its first line is a comment with its name, of files their path. */
export type Block = {
  name: string;
  language: string;
  text: string;
  /** What it takes the place of another block of its name for: "persisted operations". */
  variant: string | undefined;
};

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** The page itself. */
export const frontEndGuide = readFileSync(join(repository, 'docs/front-end.md'), 'utf8');

/** All code blocks of `docs/front-end.md`. One without a name is an error. */
export const blocks: readonly Block[] = [...frontEndGuide.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(
  ([, language = '', text = '']) => {
    const title = /^(?:\/\/|#|<!--) (.+?)(?: -->)?\n/.exec(text)?.[1];
    if (title === undefined)
      throw new Error(`A block of docs/front-end.md does not begin with its name:\n${text}`);
    const [name = '', variant] = title.split(', with ');
    return { name, language, text, variant };
  },
);

/** The block of this name, in the variant where it has one. */
export function blockOf(name: string, variant?: string): Block {
  const block =
    blocks.find((block) => block.name === name && block.variant === variant) ??
    blocks.find((block) => block.name === name && block.variant === undefined);
  if (!block) throw new Error(`docs/front-end.md has no block with the name ${name}`);
  return block;
}

/** The blocks that are files, each once, in the variant where there is one. */
export const filesOf = (variant?: string): Block[] =>
  [...new Set(blocks.filter(({ language }) => language !== 'sh').map(({ name }) => name))].map((name) =>
    blockOf(name, variant),
  );

/** The environment that the guide starts the gateway with, in a folder beside `frontEnd`. */
export function gatewayEnv(variant?: string, frontEnd = '../front-end'): Record<string, string> {
  const [, line = ''] = /^((?:[A-Z_]+=\S+ )+)npm start$/m.exec(blockOf('the gateway', variant).text) ?? [];
  const pairs = [...line.matchAll(/([A-Z_]+)=(\S+)/g)];
  return Object.fromEntries(
    pairs.map(([, name, value]) => [name, value?.replace(/^\.\.\/front-end(?=\/)/, frontEnd)]),
  );
}

/** The packages that the guide installs, such as `@apollo/client@4`. */
export const documentedPackages = (): { name: string; major: string }[] =>
  [...blockOf('the packages').text.matchAll(/(?<= )(@?[\w/-]+)@(\d+)/g)].map(([, name = '', major = '']) => ({
    name,
    major,
  }));

/** What is installed here of a package. */
export const installed = (name: string): { version: string; bin?: string | Record<string, string> } =>
  JSON.parse(readFileSync(join(repository, 'node_modules', name, 'package.json'), 'utf8'));

/** A front end as the guide has it, built; `using` deletes its folder. */
export type FrontEnd = TemporaryFolder;

/**
 * Follows the guide, in a folder that has its packages and no others: creates the front end, generates its types from a
 * running gateway, checks and builds it. A test finds Apollo Client as the page's global `client`.
 *
 * @throws Error for a warning, too
 */
export async function buildFrontEnd(options: { gatewayUrl: string; variant?: string }): Promise<FrontEnd> {
  const { gatewayUrl, variant } = options;
  const folder = createTemporaryFolder();
  try {
    for (const { name, text } of filesOf(variant)) write(join(folder.path, name), text);
    appendFileSync(join(folder.path, 'src/main.tsx'), '\nObject.assign(globalThis, { client });\n');
    for (const { name } of documentedPackages()) linkPackage(name, join(folder.path, 'node_modules'));
    await runShell(folder.path, blockOf('the packages').text.replace(/^npm i .*/ms, ''));
    const schema = { SCHEMA: `${gatewayUrl}/graphql` };
    const printed = await runShell(folder.path, blockOf('generate, check and build').text, schema);
    if (/warn|\(!\)|deprecated/i.test(printed)) throw new Error(printed);
    return folder;
  } catch (error) {
    folder[Symbol.dispose]();
    throw error;
  }
}

/** Stands in for `npm i`: the package of this repository, and its programs. */
function linkPackage(name: string, modules: string): void {
  const target = join(repository, 'node_modules', name);
  link(target, join(modules, name));
  const { bin = {} } = installed(name);
  const programs = typeof bin === 'string' ? { [basename(name)]: bin } : bin;
  for (const [program, file] of Object.entries(programs))
    link(join(target, file), join(modules, '.bin', program));
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}

/**
 * What shell commands print in a folder, until one fails. `npx` finds the folder's own programs, and no others.
 *
 * @throws Error with all that was printed
 */
export async function runShell(
  folder: string,
  commands: string,
  given: Record<string, string> = {},
): Promise<string> {
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const quiet = { npm_config_offline: 'true', npm_config_update_notifier: 'false', NO_COLOR: '1', CI: '1' };
  const { NODE_ENV, ...env } = process.env; // the tests' own: a page is built for production
  const options = { cwd: folder, env: { ...env, ...quiet, ...given, PATH } };
  try {
    const { stdout, stderr } = await promisify(execFile)('bash', ['-e', '-c', commands], options);
    return stdout + stderr;
  } catch (error) {
    const { message, stdout, stderr } = error as Error & { stdout: string; stderr: string };
    throw new Error([message, stdout, stderr].join('\n'));
  }
}
