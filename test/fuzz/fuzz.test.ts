import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createCanaries } from './canaries.ts';
import type { Finding } from './findings.ts';
import { type InputClass, inputAt, inputClasses, markerOf } from './inputs.ts';
import { createLogWatch } from './log-watch.ts';
import { runFuzz } from './run-fuzz.ts';
import { createTally } from './tally.ts';
import type { Target } from './target.ts';

const secret = 'a secret that nobody may see';
const world = {
  port: 5000,
  cookies: { lasting: 'mcm_session=s%3Alasting.x', passing: 'mcm_session=s%3Apassing.y' },
  started: [{ callbackPath: '/getAToken', state: 'state', cookie: 'mcm_sign_in=x' }],
  usedCode: 'code',
};

/** The command to its end. */
async function fuzz(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const program = fileURLToPath(new URL('./fuzz.ts', import.meta.url));
  const child = spawn(process.execPath, [program, ...args]);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code, stdout, stderr };
}

function canaries() {
  const made = createCanaries();
  made.add({ 'the secret': secret });
  return made;
}

/** What the fuzzer finds at a server that gives everything the same answer; undefined: never one. */
async function findingsAt(
  answer: string | undefined,
  options: { class?: InputClass; target?: Partial<Target> } = {},
): Promise<Finding[]> {
  const sockets: Socket[] = [];
  await using server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    socket.setEncoding('latin1').on('error', () => {});
    socket.on('data', (sent) => {
      if (String(sent).startsWith('GET /healthz')) socket.end(good);
      else if (answer !== undefined) socket.end(answer);
    });
    // A client that sends nothing but its end is still waited for.
    if (answer !== undefined) socket.on('end', () => socket.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const findings: Finding[] = [];
  const tally = createTally();
  await runFuzz(
    {
      port,
      judging: { canaries: canaries(), pages: ['<html>the console</html>'] },
      world: () => world,
      check: async () => [],
      ended: new Promise(() => {}),
      stop: async () => [],
      ...options.target,
    },
    {
      seed: 1,
      inputs: 10,
      class: options.class ?? 'graphql',
      only: undefined,
      patienceMs: 300,
      tally,
      found: (finding) => findings.push(finding),
    },
  );
  for (const socket of sockets) socket.destroy();
  return findings;
}

function answerOf(body: string, { status = '200 OK', type = 'application/json' } = {}): string {
  return `HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
}

const good = answerOf('{"status":"ok"}');
const what = (findings: Finding[]): string[] => [...new Set(findings.map((finding) => finding.what))];

describe('the gateway under hostile inputs', () => {
  const random = Math.floor(Math.random() * 1_000_000);
  test.each([20_260, random])(
    'answers 3,000 with seed %d, shows no secret and keeps its session',
    async (seed) => {
      const { stdout, stderr, code } = await fuzz('--inputs', '3000', '--seed', String(seed));
      expect(stdout.trimEnd().split('\n').at(-1), stdout).toBe('3000 inputs, 0 findings');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain(`seed ${seed}`);
      for (const name of inputClasses) expect(stdout).toMatch(new RegExp(`^ *${name} +1000 +[1-9]`, 'm'));
    },
    300_000,
  );
});

describe('the fuzzer', () => {
  test('finds nothing at a server that is as it should be', async () => {
    for (const inputClass of inputClasses) expect(await findingsAt(good, { class: inputClass })).toEqual([]);
    const page = answerOf('<html>the console</html>', { type: 'text/html' });
    expect(await findingsAt(page)).toEqual([]);
  });

  test.each([
    ['a failure', answerOf('{}', { status: '500 Internal Server Error' }), 'status 500'],
    ['an unavailability', answerOf('{}', { status: '503 Service Unavailable' }), 'status 503'],
    [
      'a masked failure',
      answerOf('{"errors":[{"extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}'),
      'the code INTERNAL_SERVER_ERROR',
    ],
    ['a secret', answerOf(`{"name":"${secret}"}`), 'the secret in the answer'],
    [
      'a secret in base64',
      answerOf(`{"name":"${Buffer.from(secret).toString('base64')}"}`),
      'the secret in the answer',
    ],
    [
      'a secret in a header',
      good.replace('\r\n', `\r\nLocation: /?${encodeURIComponent(secret)}\r\n`),
      'the secret in the answer',
    ],
    [
      'a stack trace',
      answerOf('{"e":"Error\\n    at f (file:///a/b.ts:1:2)"}'),
      'a stack trace in the answer',
    ],
    ['HTML', answerOf('<!DOCTYPE html>', { type: 'text/html' }), 'HTML in the answer'],
    ['JSON that is none', answerOf('{"a":'), 'an answer that says it is JSON, and is not'],
    ['two answers', good + good, '2 answers to one request'],
    [
      'half an answer',
      good.slice(0, -3).replace('Connection: close\r\n', ''),
      'closed in the middle of the answer',
    ],
    ['what is no HTTP', 'SSH-2.0-x\r\n', 'what came is no HTTP: "SSH-2.0-x\\r\\n"'],
    ['nothing but a close', '', 'closed without an answer'],
  ])('finds %s', async (_, answer, expected) => {
    const findings = await findingsAt(answer);
    expect(what(findings)).toContain(expected);
    expect(findings[0]?.input).toMatchObject({ class: 'graphql', index: expect.any(Number) });
    expect(findings[0]?.details.join()).toContain('/graphql');
  });

  test.each(inputClasses)('finds inputs of the class %s that are left without an answer', async (name) => {
    expect(what(await findingsAt(undefined, { class: name }))).toEqual([
      'neither an answer nor a close in time',
    ]);
  });

  test('finds a session that was lost, and a process that ended, or did not end well', async () => {
    expect(what(await findingsAt(good, { target: { check: async () => ['signed out'] } }))).toEqual([
      'signed out',
    ]);
    const dying = { check: async () => ['never asked'], ended: Promise.resolve('ended with SIGSEGV') };
    expect(what(await findingsAt(good, { target: dying }))).toEqual(['the process ended with SIGSEGV']);
    const limping = { stop: async () => ['ended with 1'] };
    expect(what(await findingsAt(good, { target: limping }))).toEqual(['ended with 1']);
  });

  test('finds in the log what may not be there, and of which input it is', () => {
    const found: [string, number | undefined][] = [];
    const watch = createLogWatch({
      canaries: canaries(),
      found: (finding) => found.push([finding.what, finding.index]),
    });
    const line = (entry: object) => `${JSON.stringify({ level: 'info', ...entry })}\n`;
    watch.output(line({ path: '/api/user', msg: 'request' }).repeat(3));
    expect(found).toEqual([]);
    const lines = [
      line({ msg: secret }),
      line({ msg: `Bearer ${markerOf(17)}` }),
      line({ level: 'error' }),
      '(node:1) Warning: something\n',
    ].join('');
    for (let at = 0; at < lines.length; at += 7) watch.output(lines.slice(at, at + 7));
    watch.errors('a warning');
    expect(found).toEqual([
      ['the secret in the log', undefined],
      ['a planted secret in the log', 17],
      ['an unforeseen error in the log', undefined],
      ['a line that the log did not write', undefined],
      ['output on standard error', undefined],
    ]);
  });

  test('makes the same inputs again from the same seed, and others from another', () => {
    const made = (seed: number) =>
      inputClasses.flatMap((name) =>
        Array.from({ length: 100 }, (_, index) => inputAt(index, { seed, class: name, world })),
      );
    expect(made(1)).toEqual(made(1));
    expect(made(1)).not.toEqual(made(2));
    const one = inputAt(61, { seed: 1, class: 'all', world });
    expect(one).toEqual(inputAt(61, { seed: 1, class: one.class, world }));
  });

  test('says what is wrong with its arguments', async () => {
    for (const [args, message] of [
      [['--inputs', 'many'], '--inputs must be a whole number from 1 to 100000000'],
      [['--class', 'x'], '--class must be raw, http, graphql or all'],
      [['--only', '5'], '--only needs the --seed'],
      [['--sed', '5'], "Unknown option '--sed'"],
    ] as const) {
      const { code, stderr, stdout } = await fuzz(...args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(message);
    }
    const help = await fuzz('--help');
    expect({ code: help.code, stderr: help.stderr }).toEqual({ code: 0, stderr: '' });
    expect(help.stdout).toContain('--only <index>');
  });
});
