import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const source = (path: string): string => new URL(`../../src/${path}`, import.meta.url).href;

/** The files of the Azure SDKs that a process has loaded after this. */
async function loadedBy(script: string): Promise<string[]> {
  const program = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load(url, context, next) { if (/node_modules\\/@azure\\//.test(url)) loaded.push(url); return next(url, context); } });
    ${script}
    console.log(JSON.stringify(loaded));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  return JSON.parse(stdout) as string[];
}

it('a gateway starts without the Azure SDKs', async () => {
  expect(await loadedBy(`await import('${source('gateway.ts')}');`)).toEqual([]);
});

it('loads them when they are wanted', async () => {
  const loaded = await loadedBy(
    `const { loadAzureSdk } = await import('${source('clouds/azure/sdk.ts')}'); await loadAzureSdk();`,
  );
  expect(loaded).toContainEqual(expect.stringContaining('@azure/identity'));
  expect(loaded).toContainEqual(expect.stringContaining('@azure/arm-resources-subscriptions'));
});
