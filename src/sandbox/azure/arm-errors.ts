import { randomUUID } from 'node:crypto';
import { type Exchange, sendJson } from '../exchange.ts';

/**
 * Answers an error in Azure Resource Manager's form.
 *
 * @see https://github.com/microsoft/api-guidelines/blob/vNext/azure/Guidelines.md#errors
 */
export function sendArmError(
  exchange: Exchange,
  status: number,
  error: { code: string; message: string },
  headers: Record<string, string> = {},
): void {
  sendJson(exchange, status, { error }, { 'x-ms-request-id': randomUUID(), ...headers });
}

/** 401: no token, or one that is not of this sandbox, or expired. */
export function sendInvalidToken(exchange: Exchange, authorityOrigin: string): void {
  const message = 'The access token is missing, invalid or expired.';
  sendArmError(
    exchange,
    401,
    { code: 'InvalidAuthenticationToken', message },
    {
      'WWW-Authenticate': `Bearer authorization_uri="${authorityOrigin}", error="invalid_token", error_description="${message}"`,
    },
  );
}

/** 401: a token that was asked for without the scope of Azure Resource Manager. */
export function sendWrongAudience(exchange: Exchange): void {
  const message =
    'The access token has been obtained for the wrong audience. Ask for the /.default scope of this API.';
  sendArmError(exchange, 401, { code: 'InvalidAuthenticationTokenAudience', message });
}

/** 403: the app has no role in the tenant. */
export function sendDenied(exchange: Exchange): void {
  const message =
    "The client does not have authorization to perform action 'Microsoft.Resources/subscriptions/read' or the scope is invalid.";
  sendArmError(exchange, 403, { code: 'AuthorizationFailed', message });
}

/** 429 with the wait that Azure Resource Manager has been seen to ask for. */
export function sendThrottled(exchange: Exchange): void {
  const message = 'The request is being throttled. Try again after 372 seconds.';
  sendArmError(exchange, 429, { code: 'TooManyRequests', message }, { 'Retry-After': '372' });
}
