import { type ErrorCode, statusByCode } from '../errors.ts';
import type { Headers, Response } from './openapi-operation.ts';

/** When each code comes, for who calls. */
const meanings: Record<ErrorCode, string> = {
  BAD_REQUEST: 'the body, a parameter or a header is not of the form that is asked for',
  OAUTH_STATE_INVALID:
    'this sign-in was not started in this browser, or with another provider, is used already, or took too long; start it again',
  SIGN_IN_FAILED: 'the provider refused the sign-in, or cannot be reached',
  UNAUTHENTICATED: 'nobody is signed in in this browser; sign in first',
  REAUTH_REQUIRED:
    'the provider takes the tokens of an account no more; sign in with it again (GraphQL only)',
  FORBIDDEN_ORIGIN:
    'a page of an origin that is not allowed (CORS_ORIGINS) called this, or loaded it into itself',
  NOT_FOUND: 'this cloud is not configured on this gateway',
  ACCOUNT_NOT_FOUND: 'no account of this id is connected (GraphQL only)',
  METHOD_NOT_ALLOWED: 'the path does not take this method; `Allow` has those that it takes',
  PAYLOAD_TOO_LARGE: 'the body is larger than 100 kB',
  UNSUPPORTED_MEDIA_TYPE:
    'the body is not declared as `application/json` in UTF-8, or `Content-Type` is absurdly long',
  RATE_LIMITED: 'too many requests; `Retry-After` says when to come back',
  AZURE_AUTHENTICATION_FAILED:
    "the gateway's app registration cannot authenticate in a tenant; an administrator has to consent to it",
  AZURE_FORBIDDEN: "the gateway's app registration may not list a tenant; it needs the Reader role there",
  AZURE_THROTTLED: 'Azure limits the rate of requests for a tenant; the message says when to try again',
  AZURE_TIMEOUT: 'Azure did not answer in time',
  AZURE_UNAVAILABLE: 'Azure cannot be reached, answers that it fails, or is not configured',
  AZURE_BAD_RESPONSE: 'Azure answered something that is no list of subscriptions',
  AWS_ROLE_INVALID: '`roleArn` is not the ARN of an IAM role',
  AWS_ROLE_REFUSED: 'AWS did not let the gateway assume the role; check its ARN and its trust policy',
  AWS_TRUST_TOO_OPEN:
    'the role can be assumed without an external id too; its trust policy needs the condition on `sts:ExternalId`',
  AWS_UNAVAILABLE: 'AWS did not answer as it should; nothing was changed',
  SESSION_STORE_UNAVAILABLE: 'sessions cannot be read or written just now; nobody was signed out, try again',
  LOGOUT_INCOMPLETE: 'the session could not be deleted: its user may still be signed in, try again',
  CONFLICT: 'other requests of this session kept changing it; nothing was changed, try again',
  INTERNAL_SERVER_ERROR: 'something failed that nobody foresaw; the request id finds it in the log',
};

/** The codes of Azure listings. */
export const azureCodes = codesThat((code) => code.startsWith('AZURE_'));

/** Every code that there is, of both faces of the gateway. */
export const allCodes = codesThat(() => true);

/** The answers to these failures, one for each status; `headersOf` says which headers those of a status have. */
export function failureResponses(
  codes: readonly ErrorCode[],
  headersOf: (status: number) => Headers,
): Record<string, Response> {
  const byStatus = Object.groupBy(new Set(codes), (code) => statusByCode[code]);
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, same]) => [
      status,
      {
        description: same.map((code) => `\`${code}\`: ${meanings[code]}.`).join('\n\n'),
        headers: headersOf(Number(status)),
        content: { 'application/json': { schema: failureOf(same) } },
      },
    ]),
  );
}

/** The form of every refusal, with the codes that it can have in one place. */
export const failureOf = (codes: readonly ErrorCode[]) => ({
  $ref: '#/components/schemas/Error',
  properties: { code: { enum: codes } },
});

function codesThat(isMeant: (code: ErrorCode) => boolean): ErrorCode[] {
  const isCode = (code: string): code is ErrorCode => code in statusByCode;
  return Object.keys(statusByCode).filter(isCode).filter(isMeant);
}
