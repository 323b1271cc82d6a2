import { createHmac } from 'node:crypto';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Request, Response } from 'express';
import session, { Store } from 'express-session';
import { describe, expect, it } from 'vitest';
import { createSessionCookieReader } from '../../src/session/signed-cookie.ts';
import { anyOf, chance, several } from '../fuzz/chances.ts';
import { createSeededRandom, type SeededRandom } from '../support/seeded-random.ts';

const name = 'mcm_session';
const secrets = ['the newest secret of the tests', 'an older secret of the tests'] as const;
const read = createSessionCookieReader({ name, secrets });

/** What a session cookie of this id holds, as express-session signs it. */
function signed(sid: string, secret: string = secrets[0]): string {
  const signature = createHmac('sha256', secret).update(sid).digest('base64').replace(/=+$/, '');
  return `s:${sid}.${signature}`;
}

const cookie = (sid: string, secret?: string): string => `${name}=${encodeURIComponent(signed(sid, secret))}`;

/** A store that has no session, and remembers which one it was asked for. */
class AskedStore extends Store {
  asked: string | undefined;
  override get(sid: string, callback: (error: unknown, session?: null) => void): void {
    this.asked = sid;
    callback(null, null);
  }
  override set(): void {}
  override destroy(): void {}
}

const store = new AskedStore();
const expressSession = session({
  name,
  secret: [...secrets],
  store,
  resave: false,
  saveUninitialized: false,
});

/** The id that express-session reads out of a Cookie header; undefined when it asks for no session. */
function readByExpress(header: string): string | undefined {
  const req = Object.assign(new IncomingMessage(new Socket()), { url: '/', originalUrl: '/' });
  req.headers.cookie = header;
  store.asked = undefined;
  expressSession(req as Request, new ServerResponse(req) as Response, () => undefined);
  return store.asked;
}

describe('the id in a session cookie', () => {
  it('is read when any of the secrets has signed it', () => {
    for (const secret of secrets) expect(read(cookie('abc', secret))).toEqual({ sid: 'abc' });
    expect(read(`a=b; ${cookie('abc')}; c=d`)).toEqual({ sid: 'abc' });
    expect(read(`${name}=${signed('a.b')}`)).toEqual({ sid: 'a.b' });
  });

  it.each([undefined, '', 'a=b', 'a=b; c="d"; e'])('is none in %j', (header) => {
    expect(read(header)).toEqual({});
  });

  it.each([
    ['that was signed with another secret', cookie('abc', 'some other secret of the tests')],
    ['that is not signed', `${name}=abc`],
    ['without its signature', `${name}=s%3Aabc`],
    ['with an empty signature', `${name}=s%3Aabc.`],
    ['with the signature of another id', cookie('abc').replace('abc', 'abd')],
    ['with more behind its signature', `${cookie('abc')}A`],
    ['with padding behind its signature', `${cookie('abc')}%3D`],
    ['twice', `${cookie('abc')}; ${cookie('abd')}`],
    ['in quotes', `${name}="${encodeURIComponent(signed('abc'))}"`],
    ['with a bad escape', `${cookie('abc')}%`],
    ['of a longer name', `x${cookie('abc')}`],
  ])('is left to express-session in a cookie %s', (_title, header) => {
    expect(read(header)).toBeUndefined();
    expect(read(header)).toBeUndefined(); // what is remembered does not change that
  });

  it('is read again from a header that was read before, and not from one that is nearly the same', () => {
    const header = cookie('abc');
    for (let time = 0; time < 3; time++) expect(read(header)).toEqual({ sid: 'abc' });
    for (let at = name.length + 1; at < header.length; at++) {
      const other = header[at] === 'A' ? 'B' : 'A';
      expect(read(header.slice(0, at) + other + header.slice(at + 1))?.sid).not.toBe('abc');
    }
  });
});

const spaces = ['', ' ', '  ', '\t', '\u00a0', '\v', '\u0085'] as const;
const names = [
  name,
  name,
  name,
  name,
  'a',
  `x${name}`,
  `${name}x`,
  name.toUpperCase(),
  `__Host-${name}`,
  '',
  '"',
];

function value(random: SeededRandom): string {
  const sid = random.pick(['abc', 'a.b', '', '\u00c4\u0085', 'a%b', '__proto__']);
  const plain = signed(sid, random.pick([...secrets, 'some other secret of the tests']));
  if (chance(random, 60)) return encodeURIComponent(plain);
  return random.pick([
    encodeURIComponent(plain),
    encodeURIComponent(plain),
    plain,
    `"${encodeURIComponent(plain)}"`,
    encodeURIComponent(encodeURIComponent(plain)),
    encodeURIComponent(plain).toLowerCase(),
    `${encodeURIComponent(plain)}%`,
    plain.slice(2),
    `j:${JSON.stringify({ sid })}`,
    plain.slice(0, random.integer(0, plain.length)),
    `${plain}=`,
    '',
  ]);
}

/** A Cookie header, with or without faults; what Node hands over is latin1. */
function header(random: SeededRandom): string {
  const space = () => (chance(random, 85) ? '' : random.pick(spaces));
  const pair = () =>
    `${space()}${anyOf(random, names)}${space()}${chance(random, 85) ? '=' : random.pick(['', '=='])}${space()}${value(random)}${space()}`;
  return several(random, 1, 3, pair).join(random.pick(['; ', '; ', ';', ',', ' ', '&', ';;']));
}

it('is what express-session reads, whatever the header is, or left to it', () => {
  const random = createSeededRandom(20261127);
  const differing: unknown[] = [];
  const outcomes = { left: 0, nobody: 0, read: 0 };
  for (let time = 0; time < 6_000; time++) {
    const text = header(random);
    const owner = read(text);
    outcomes[owner === undefined ? 'left' : owner.sid === undefined ? 'nobody' : 'read']++;
    if (owner === undefined) continue;
    const asked = readByExpress(text);
    if ((owner.sid || undefined) !== asked) differing.push({ text, owner, asked });
  }
  expect(differing.slice(0, 5)).toEqual([]);
  for (const count of Object.values(outcomes)) expect(count).toBeGreaterThan(200);
});
