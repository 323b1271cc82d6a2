import { randomBytes } from 'node:crypto';
import type { GatewaySession } from '../../src/session/session-data.ts';

/** A session that every server holds under the same id. */
export type SampleSession = {
  sid: string;
  /** What all that names this session's person ends in; of one length in all of them. */
  mark: string;
  data: GatewaySession;
};

const token = (bytes: number) => randomBytes(bytes).toString('base64url');

/**
 * Sessions of people with an account in each of the clouds: 3 kB of JSON each, most of it tokens. Accounts hold
 * what the original answered and no more, so that a server that answers them as they are is right too.
 */
export const sampleSessions = (count: number): SampleSession[] =>
  Array.from({ length: count }, sampleSession);

function sampleSession(_: unknown, index: number): SampleSession {
  const mark = String(index).padStart(6, '0');
  const name = `Person ${mark}`;
  const email = `person-${mark}@example.com`;
  return {
    sid: token(24),
    mark,
    data: {
      user: { iss: 'https://login.microsoftonline.com/common/v2.0', sub: `subject-${mark}`, name, email },
      access_token: token(1500),
      accounts: [
        {
          provider: 'azure',
          tenantId: `12345678-1234-1234-1234-123456${mark}`,
          displayName: name,
          subscriptions: ['Production', 'Development'].map((title) => `${title}-${mark}`),
        },
        {
          provider: 'gcp',
          email,
          displayName: name,
          access_token: token(160),
          refresh_token: token(80),
        },
        {
          provider: 'aws',
          roleArn: `arn:aws:iam::987654${mark}:role/MultiCloudManagerRole`,
          displayName: `AWS 987654${mark}`,
          externalId: token(24),
          accountId: `987654${mark}`,
        },
      ],
    },
  };
}
