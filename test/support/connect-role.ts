import type { Browser } from './browser.ts';

/** The two ways to connect a role, which have to agree. */
export const faces = ['REST', 'GraphQL'] as const;
export type Face = (typeof faces)[number];

/** The outcome of connecting a role: `code` and `message` say why it was refused. */
export type Connected = { status: number; code: string | undefined; message: string };

/** The role of the sandbox that trusts every user's own external id. */
export const standardRole = 'arn:aws:iam::987654321098:role/MultiCloudManagerRole';

/** `POST /api/account/aws/add` with this as the JSON body. */
export const addRole = (browser: Browser, body: unknown): Promise<Response> =>
  browser.fetch('/api/account/aws/add', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** Connects a role over one of the faces. `status` is that of HTTP, which GraphQL does not use for refusals. */
export async function connectRole(browser: Browser, roleArn: string, face: Face): Promise<Connected> {
  if (face === 'REST') {
    const answer = await addRole(browser, { roleArn });
    const { code, error, message } = (await answer.json()) as Record<string, string>;
    return { status: answer.status, code, message: error ?? message ?? '' };
  }
  const answer = await browser.fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: 'mutation ($roleArn: String!) { connectAwsAccount(roleArn: $roleArn) { account { id } } }',
      variables: { roleArn },
    }),
  });
  const { errors } = (await answer.json()) as {
    errors?: { message: string; extensions: { code: string } }[];
  };
  return { status: answer.status, code: errors?.[0]?.extensions.code, message: errors?.[0]?.message ?? '' };
}

/** The external id that the gateway tells this browser's user to write into a trust policy. */
export const shownExternalId = async (browser: Browser): Promise<string | undefined> =>
  (await browser.json<{ externalId?: string }>('/api/account/aws/config')).externalId;
