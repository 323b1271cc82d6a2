import { describe, expect, it } from 'vitest';
import { createSealing } from '../../src/session/sealing.ts';
import { createMemoryLog } from '../support/memory-log.ts';

const secret = (name: string) => `${name} of the tests, with 32 characters or more`;
const content = { user: { email: 'ada@example.com' }, access_token: 'canary-token' };
const isAnything = (value: unknown): value is unknown => value !== undefined;

function sealingWith(...secrets: string[]) {
  const log = createMemoryLog();
  return { log, ...createSealing({ secrets, log: log.log }) };
}

describe('a sealed record', () => {
  const { seal, open, log } = sealingWith(secret('first'));

  it('opens with its id, and shows nothing of what is in it', () => {
    const sealed = seal('session', 'sid', content);
    expect(open('session', 'sid', sealed, isAnything)).toEqual(content);
    for (const text of ['canary', 'ada@example.com', 'access_token', 'sid'])
      expect(sealed.includes(text)).toBe(false);
  });

  it('is another each time that the same is sealed', () => {
    expect(seal('session', 'sid', content).equals(seal('session', 'sid', content))).toBe(false);
  });

  it('does not open for another id or as another kind', () => {
    const sealed = seal('session', 'sid', content);
    expect(open('session', 'other', sealed, isAnything)).toBeUndefined();
    expect(open('sign-in', 'sid', sealed, isAnything)).toBeUndefined();
  });

  it('does not open when any byte of it was changed, or bytes are missing', () => {
    const sealed = seal('session', 'sid', content);
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(open('session', 'sid', changed, isAnything)).toBeUndefined();
      expect(open('session', 'sid', sealed.subarray(0, at), isAnything)).toBeUndefined();
    }
  });

  it('is said in the log not to open, and of whom is not', () => {
    open('session', 'canary-id', Buffer.from('garbage'), isAnything);
    expect(log.entries().at(-1)).toMatchObject({ level: 'warn', kind: 'session' });
    expect(log.text()).not.toContain('canary-id');
  });

  it('of a shape that is not known is as good as gone', () => {
    const isNumber = (value: unknown): value is number => typeof value === 'number';
    expect(open('session', 'sid', seal('session', 'sid', content), isNumber)).toBeUndefined();
  });
});

describe('rotating the secret', () => {
  const before = sealingWith(secret('old'));
  const during = sealingWith(secret('new'), secret('old'));
  const after = sealingWith(secret('new'));

  it('opens what the old one sealed, for as long as it is listed', () => {
    const sealed = before.seal('session', 'sid', content);
    expect(during.open('session', 'sid', sealed, isAnything)).toEqual(content);
    expect(after.open('session', 'sid', sealed, isAnything)).toBeUndefined();
  });

  it('seals with the first', () => {
    const sealed = during.seal('session', 'sid', content);
    expect(after.open('session', 'sid', sealed, isAnything)).toEqual(content);
    expect(before.open('session', 'sid', sealed, isAnything)).toBeUndefined();
  });
});

describe('the tag of an owner', () => {
  const { ownerOf } = sealingWith(secret('first'));
  const ada = { iss: 'https://issuer', sub: 'ada', email: 'ada@example.com' };

  it('is the same in all sessions of a person, and another for another', () => {
    expect(ownerOf(ada)).toBe(ownerOf({ ...ada, name: 'Ada Lovelace' }));
    expect(ownerOf(ada)).not.toBe(ownerOf({ ...ada, sub: 'mary' }));
    expect(ownerOf(ada)).not.toBe(ownerOf({ ...ada, iss: 'https://another' }));
  });

  it('cannot be told without the secret', () => {
    expect(ownerOf(ada)).not.toBe(sealingWith(secret('another')).ownerOf(ada));
    expect(ownerOf(ada)).not.toContain('ada');
  });

  it.each([undefined, {}, { name: 'Konto AWS' }, { iss: 'https://issuer' }, { iss: 1, sub: 2 }])(
    'is none for somebody whom nobody vouches for: %j',
    (user) => {
      expect(ownerOf(user)).toBeUndefined();
    },
  );
});
