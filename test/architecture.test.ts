import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const src = fileURLToPath(new URL('../src/', import.meta.url));

/** Importable from everywhere; they import nothing of ours but each other. */
const base = ['config', 'errors', 'eventual', 'json', 'log', 'loopback', 'recently-used', 'upstream'];

/** What each part of `src/` may import beside itself and the base: the parts below it, never one above. */
const mayImport: Record<string, string[]> = {
  config: [],
  errors: [],
  json: [],
  log: [],
  loopback: [],
  eventual: [],
  'recently-used': [],
  upstream: [],
  clouds: [],
  session: ['clouds'],
  viewer: ['session', 'clouds'],
  http: ['viewer', 'session'],
  graphql: ['http', 'viewer', 'clouds'],
  rest: ['http', 'viewer', 'clouds'],
  'sign-in': ['session', 'clouds'],
  ops: ['http', 'session'],
  pages: [],
  console: ['pages'],
  playground: ['pages', 'console'],
  sandbox: [],
  app: ['viewer', 'http', 'graphql', 'rest', 'sign-in', 'ops', 'pages', 'console', 'playground'],
  gateway: ['app', 'viewer', 'http', 'graphql', 'rest', 'sign-in', 'ops', 'session', 'clouds', 'sandbox'],
  doctor: ['gateway', 'sign-in', 'session', 'clouds', 'pages'],
  workers: ['gateway', 'ops', 'session', 'sandbox'],
  main: ['gateway', 'workers', 'doctor', 'pages'],
};

/** Files at the top of `src/` that belong to a part of another name. */
const partOfFile: Record<string, string> = {
  'config-clouds': 'config',
  'config-manifest': 'config',
  'config-setting': 'config',
  'config-settings': 'config',
  'config-site': 'config',
  'config-store': 'config',
  'config-values': 'config',
  'config-report': 'config',
  'gateway-sandbox': 'gateway',
  'start-warnings': 'gateway',
  greeting: 'main',
  'hot-path': 'app',
  'hot-questions': 'app',
  'viewer-connections': 'viewer',
};

type Import = { from: string; target: string; typeOnly: boolean };

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .sort();

function importsOf(file: string): Import[] {
  const source = readFileSync(join(src, file), 'utf8');
  const statements = source.matchAll(/(?:^|\n)(?:import|export)\s([^;'"]*?from\s*)?['"]([^'"]+)['"]/g);
  const dynamic = source.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g);
  const declared = [...statements].map(([, clause = '', specifier = '']) => ({
    specifier,
    typeOnly: clause.startsWith('type '),
  }));
  const loaded = [...dynamic].map(([, specifier = '']) => ({ specifier, typeOnly: false }));
  return [...declared, ...loaded].map(({ specifier, typeOnly }) => ({
    from: file,
    target: specifier.startsWith('.')
      ? relative(src, resolve(dirname(join(src, file)), specifier))
      : specifier,
    typeOnly,
  }));
}

/** `session/session-store.ts` belongs to `session`, `gateway.ts` to `gateway`, `lmdb` to nothing of ours. */
function partOf(path: string): string {
  const name = (path.split('/')[0] ?? '').replace(/\.ts$/, '');
  return partOfFile[name] ?? name;
}

const imports = files.flatMap(importsOf);
/** Loaded only where they are configured. */
const prometheusAndTracing = ['ops/metrics.ts', 'ops/tracing.ts', 'ops/summed-metrics.ts'];

const isOurs = ({ target }: Import) => target.endsWith('.ts');
const ours = imports.filter(isOurs);
const packages = imports.filter((entry) => !isOurs(entry) && !entry.target.startsWith('node:'));
const shown = (entries: Import[]) => entries.map(({ from, target }) => `${from} imports ${target}`);

describe('the import rules', () => {
  it('cover every file', () => {
    expect(files.length).toBeGreaterThan(40);
    expect(ours.length).toBeGreaterThan(80);
    expect(files.map(partOf).filter((part) => !(part in mayImport))).toEqual([]);
  });

  it('let a part import the parts below it, never one above or beside', () => {
    const broken = ours.filter(({ from, target }) => {
      const [importer, imported] = [partOf(from), partOf(target)];
      return importer !== imported && !base.includes(imported) && !mayImport[importer]?.includes(imported);
    });
    expect(shown(broken)).toEqual([]);
  });

  it('let sessions know the clouds by type alone', () => {
    const broken = ours.filter(
      ({ from, target, typeOnly }) => partOf(from) === 'session' && partOf(target) === 'clouds' && !typeOnly,
    );
    expect(shown(broken)).toEqual([]);
  });

  it('keep sessions, stores and cloud SDKs out of GraphQL and REST', () => {
    const hidden = /^(express-session|lmdb|@redis\/.*|@azure\/.*|@aws-sdk\/.*|openid-client)$/;
    const broken = packages.filter(
      ({ from, target }) => ['graphql', 'rest'].includes(partOf(from)) && hidden.test(target),
    );
    expect(shown(broken)).toEqual([]);
  });

  it('keep requests and answers away from resolvers and the viewer', () => {
    const faceless = ['graphql/resolvers.ts', 'graphql/context.ts', 'viewer.ts', 'viewer-connections.ts'];
    expect(
      shown(packages.filter(({ from, target }) => faceless.includes(from) && target.includes('express'))),
    ).toEqual([]);
  });

  it('keep one cloud out of another', () => {
    const cloudOf = (path: string) => /^clouds\/([^/]+)\//.exec(path)?.[1];
    const broken = ours.filter(({ from, target }) => {
      const [importer, imported] = [cloudOf(from), cloudOf(target)];
      return importer !== undefined && imported !== undefined && importer !== imported;
    });
    expect(shown(broken)).toEqual([]);
  });

  it('load the sandbox from gateway-sandbox.ts alone, when it is needed', () => {
    const loaders = ours.filter(
      ({ from, target }) => partOf(target) === 'sandbox' && partOf(from) !== 'sandbox',
    );
    expect(shown(loaders.filter(({ typeOnly }) => !typeOnly))).toEqual([
      'gateway-sandbox.ts imports sandbox/sandbox.ts',
    ]);
    expect(new Set(loaders.map(({ from }) => partOf(from)))).toEqual(new Set(['gateway', 'workers']));
    const loader = readFileSync(join(src, 'gateway-sandbox.ts'), 'utf8');
    expect(loader).toContain("await import('./sandbox/sandbox.ts')");
  });

  it('load the doctor from main.ts alone, when it is asked for', () => {
    const loaders = ours.filter(
      ({ from, target }) => partOf(target) === 'doctor' && partOf(from) !== 'doctor',
    );
    expect(shown(loaders)).toEqual(['main.ts imports doctor/doctor.ts']);
    expect(readFileSync(join(src, 'main.ts'), 'utf8')).toContain("await import('./doctor/doctor.ts')");
  });

  it('load Prometheus and OpenTelemetry in ops alone, when they are configured', () => {
    const users = packages.filter(({ target }) => /^(prom-client|@opentelemetry\/.*)$/.test(target));
    expect(new Set(users.map(({ from }) => partOf(from)))).toEqual(new Set(['ops']));
    const loaders = ours.filter(({ target, typeOnly }) => prometheusAndTracing.includes(target) && !typeOnly);
    expect(shown(loaders)).toEqual([
      'ops/observation.ts imports ops/metrics.ts',
      'ops/observation.ts imports ops/tracing.ts',
      'workers/worker-metrics.ts imports ops/summed-metrics.ts',
    ]);
    const observation = readFileSync(join(src, 'ops/observation.ts'), 'utf8');
    for (const file of ['metrics', 'tracing']) expect(observation).toContain(`await import('./${file}.ts')`);
    const ofWorkers = readFileSync(join(src, 'workers/worker-metrics.ts'), 'utf8');
    expect(ofWorkers).toContain("await import('../ops/summed-metrics.ts')");
  });

  it('load what several processes need from main.ts alone, when there are to be several', () => {
    const cluster = imports.filter(({ target }) => target === 'node:cluster');
    expect(new Set(cluster.map(({ from }) => partOf(from)))).toEqual(new Set(['workers']));
    const loaders = ours.filter(
      ({ from, target, typeOnly }) => partOf(target) === 'workers' && partOf(from) !== 'workers' && !typeOnly,
    );
    expect(shown(loaders)).toEqual([
      'main.ts imports workers/workers.ts',
      'main.ts imports workers/worker-member.ts',
    ]);
    const main = readFileSync(join(src, 'main.ts'), 'utf8');
    for (const file of ['workers', 'worker-member'])
      expect(main).toContain(`await import('./workers/${file}.ts')`);
  });

  it('read the environment in main.ts alone, and take signals and end the process there alone', () => {
    const using = (pattern: RegExp) =>
      files.filter((file) => pattern.test(readFileSync(join(src, file), 'utf8')));
    expect(using(/process\.env/)).toEqual(['main.ts']);
    expect(using(/process\.exit/)).toEqual(['main.ts']);
    expect(using(/SIGTERM|SIGINT/)).toEqual(['main.ts']);
  });
});
