import { type AuthorizeRequest, errorLocation, repeatedParameter } from '../authorize-request.ts';
import { isLoopbackRedirectUri } from '../redirect-uri.ts';

/** Checks the parameters before anything is shown, as a person's choice cannot mend them. */
export function parseEntraRequest(parameters: URLSearchParams, clientId: string): AuthorizeRequest {
  const repeated = repeatedParameter(parameters);
  if (repeated !== undefined) return refused(`The parameter ${repeated} is there more than once.`);
  if (parameters.get('client_id') !== clientId) {
    return refused('AADSTS700016: No application with this client_id is known to the sandbox.');
  }
  if (!isLoopbackRedirectUri(parameters.get('redirect_uri') ?? '')) {
    return refused('AADSTS50011: The redirect_uri must be http or https on localhost, 127.0.0.1 or [::1].');
  }
  if ((parameters.get('response_mode') ?? 'query') !== 'query') {
    return refused('The sandbox answers with response_mode=query only.');
  }
  if (parameters.get('response_type') !== 'code') {
    return error(parameters, 'unsupported_response_type', 'The sandbox answers response_type=code only.');
  }
  if (!parameters.get('code_challenge') || parameters.get('code_challenge_method') !== 'S256') {
    return error(parameters, 'invalid_request', 'The sandbox asks for PKCE with code_challenge_method=S256.');
  }
  if (parameters.get('prompt') === 'none') {
    return error(parameters, 'login_required', 'AADSTS50058: Nobody stays signed in at the sandbox.');
  }
  return { kind: 'valid', parameters };
}

/** Where a valid request ends when the person cancels. */
export function cancelledLocation(parameters: URLSearchParams): string {
  return errorLocation(parameters, 'access_denied', 'AADSTS65004: The user declined to sign in.');
}

function refused(reason: string): AuthorizeRequest {
  return { kind: 'refused', reason };
}

function error(parameters: URLSearchParams, code: string, description: string): AuthorizeRequest {
  return { kind: 'error', location: errorLocation(parameters, code, description) };
}
