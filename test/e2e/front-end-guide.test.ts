import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSchema, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import {
  blockOf,
  blocks,
  documentedPackages,
  frontEndGuide,
  gatewayEnv,
  installed,
} from './documented-front-end.ts';

const schemaFolder = fileURLToPath(new URL('../../schema/', import.meta.url));
const titleOf = ({ name, variant }: (typeof blocks)[number]) => (variant ? `${name}, with ${variant}` : name);

/** The cells of a table's rows, by how the table's head begins. */
function rowsOf(head: string): string[][] {
  const table = frontEndGuide.split('\n\n').find((part) => part.startsWith(`| ${head}`)) ?? '';
  const rows = table.split('\n').slice(2);
  return rows.map((row) => row.split(' | ').map((cell) => cell.replace(/^\| | *\|$/g, '').trim()));
}

const quoted = (text = '') => [...text.matchAll(/`([^`]*)`/g)].map(([, code = '']) => code);

test('each block of the guide is one that a test runs, or a file that one of them needs', () => {
  expect(blocks.filter(({ language }) => language === 'sh').map(titleOf)).toEqual([
    'the gateway',
    'the packages',
    'generate, check and build',
    'the gateway, with persisted operations',
  ]);
  expect(blocks.filter(({ variant }) => variant).map(titleOf)).toEqual([
    'the gateway, with persisted operations',
    'src/client.ts, with persisted operations',
    'src/ask.ts, with persisted operations',
  ]);
  expect(new Set(blocks.map(titleOf)).size).toBe(blocks.length);
  const tools = ['tsconfig.json', 'vite.config.ts', 'codegen.ts'];
  const files = blocks.filter(({ language, variant }) => language !== 'sh' && !variant);
  const isNeeded = (name: string) =>
    files.some(({ text }) =>
      [`'./${name.replace('src/', '')}'`, `"/${name}"`, `'${name}'`].some((use) => text.includes(use)),
    );
  expect(files.map(({ name }) => name).filter((name) => !tools.includes(name) && !isNeeded(name))).toEqual(
    [],
  );
});

test('the packages are those that the tests build with', () => {
  const packages = documentedPackages();
  expect(packages.length).toBeGreaterThan(10);
  expect(blockOf('the packages').text.match(/@\d/g)).toHaveLength(packages.length);
  const majors = packages.map(({ name }) => ({ name, major: installed(name).version.split('.')[0] }));
  expect(packages).toEqual(majors);
});

test('the operations in place of the REST calls fit the schema', () => {
  const sdl = readdirSync(schemaFolder).map((file) => readFileSync(schemaFolder + file, 'utf8'));
  const schema = buildSchema(sdl.join('\n'));
  const operations = rowsOf('the original')
    .flatMap(([, cell]) => quoted(cell))
    .filter((code) => /[{]/.test(code));
  expect(operations).toHaveLength(6);
  for (const operation of operations) expect(validate(schema, parse(operation))).toEqual([]);
});

test('the development server is on the origin that the gateway goes back to, and allows without being told', () => {
  const { FRONTEND_URL = '' } = gatewayEnv();
  const port = new URL(FRONTEND_URL).port;
  expect(blockOf('vite.config.ts').text.match(/port: \d+/g)).toEqual([`port: ${port}`, `port: ${port}`]);
  expect(readConfig({}).corsOrigins).toEqual([FRONTEND_URL]);
});

test.each([
  ['`https://app.example.com`', true],
  ['`https://app.example.org`', false],
  ['`http://127.0.0.1:3000`', false],
])('a gateway starts for a front end on %s: %s', (page, starts) => {
  const [pages = '', needs] = rowsOf('your page').find(([cell]) => cell?.startsWith(page)) ?? [];
  const [frontEnd = '', gateway = 'http://localhost:5000'] = quoted(pages);
  const said = quoted(needs).join(' ');
  const named = Object.fromEntries(
    [...said.matchAll(/([A-Z_]+)=(\S+)/g)].map(([, name, value]) => [name, value]),
  );
  const start = () => readConfig({ APP_BASE_URL: gateway, FRONTEND_URL: frontEnd, ...named });
  if (starts) expect(named).toEqual({ APP_BASE_URL: gateway, FRONTEND_URL: frontEnd });
  if (starts) expect(start).not.toThrow();
  else expect(start).toThrow('must be on one site with APP_BASE_URL');
});

test('each link of the guide leads somewhere', () => {
  const headingsOf = (markdown: string) =>
    [...markdown.replace(/^```.*?^```$/gms, '').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\w\s-]/g, '')
        .replaceAll(' ', '-'),
    );
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const links = [...frontEndGuide.matchAll(/\]\(([^)#]*)#([^)]*)\)/g)];
  expect(links.length).toBeGreaterThan(8);
  for (const [, file, anchor] of links) {
    expect(['', '../README.md']).toContain(file);
    expect(headingsOf(file ? readme : frontEndGuide)).toContain(anchor);
  }
});
