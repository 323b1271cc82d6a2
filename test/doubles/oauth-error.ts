import type { Answer } from './https-server.ts';

/** An error answer of a token endpoint (RFC 6749, section 5.2). */
export const oauthError = (error: string, description: string, status = 400): Answer => ({
  status,
  body: { error, error_description: description },
});
