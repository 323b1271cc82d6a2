import { asGoogleScope } from './scopes.ts';
import { REFRESH_TOKEN_PREFIX } from './token-format.ts';

/**
 * Turns what the protocol library answers at the token endpoint into Google's answer: errors in Google's few words,
 * scopes by their long names, and no refresh token when refreshing, since Google's stays the same.
 *
 * @see https://developers.google.com/identity/protocols/oauth2/web-server#offline
 */
export function asGoogleAnswer(body: unknown, parameters: Record<string, unknown>): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const answer: Record<string, unknown> = { ...body };
  const description = googleDescription(answer.error, parameters);
  if (description !== undefined) return { error: answer.error, error_description: description };
  if (typeof answer.scope === 'string') answer.scope = asGoogleScope(answer.scope);
  if (parameters.grant_type === 'refresh_token') delete answer.refresh_token;
  return answer;
}

/** Google's words for an error; undefined for those that it words as the library does, or that are none. */
function googleDescription(error: unknown, { refresh_token }: Record<string, unknown>): string | undefined {
  if (error === 'invalid_client') return 'Unauthorized';
  if (error !== 'invalid_grant') return undefined;
  // What was a refresh token once is told apart from what never was one.
  const isToken = typeof refresh_token === 'string' && refresh_token.startsWith(REFRESH_TOKEN_PREFIX);
  return isToken ? 'Token has been expired or revoked.' : 'Bad Request';
}
