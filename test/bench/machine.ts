import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { peerProgram } from './peer-contestants.ts';
import { canPin, clientCore, serverCore } from './pinning.ts';

/** Where and with what was measured. */
export type Machine = {
  date: string;
  processor: string;
  cores: number;
  memoryGigabytes: number;
  kernel: string;
  node: string;
  pinning: string;
  versions: Record<string, string>;
};

export function describeMachine(): Machine {
  return {
    date: new Date().toISOString(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGigabytes: Math.round(totalmem() / 1e9),
    kernel: `${type()} ${release()}`,
    node: process.version,
    pinning: canPin
      ? `each server on core ${serverCore}, load generator and all else on core ${clientCore}`
      : 'none: there is no taskset or no second core, so that the load generator and the servers disturb each other',
    versions: {
      ...JSON.parse(readFileSync(peerProgram('package.json'), 'utf8')).dependencies,
      ...versionsOfSystem(),
    },
  };
}

/** Of what is not installed there is no version. */
function versionsOfSystem(): Record<string, string> {
  const said: [name: string, command: string, args: string[]][] = [
    [
      'flask, gunicorn',
      '/usr/bin/python3',
      ['-c', 'import importlib.metadata as m; print(m.version("flask") + ", " + m.version("gunicorn"))'],
    ],
    ['redis-server', 'redis-server', ['--version']],
  ];
  const versions: Record<string, string> = {};
  for (const [name, command, args] of said)
    try {
      const text = execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
      versions[name] = /v=(\S+)/.exec(text)?.[1] ?? text.trim();
    } catch {
      // not installed
    }
  return versions;
}
