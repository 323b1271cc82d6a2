import { type AuthorizeRequest, errorLocation, repeatedParameter } from '../authorize-request.ts';
import { isLoopbackRedirectUri } from '../redirect-uri.ts';
import { ASKABLE_SCOPES } from './scopes.ts';

const PROMPTS: readonly string[] = ['none', 'consent', 'select_account'];

/**
 * Checks the parameters before anything is shown. Google answers nearly all mistakes with a page of its own and
 * tells the app about few.
 *
 * @see https://developers.google.com/identity/protocols/oauth2/web-server#authorization-errors
 */
export function parseGoogleRequest(parameters: URLSearchParams, clientId: string): AuthorizeRequest {
  const reason = reasonToRefuse(parameters, clientId);
  if (reason !== undefined) return { kind: 'refused', reason };
  if (words(parameters, 'prompt').includes('none')) {
    return { kind: 'error', location: errorLocation(parameters, 'login_required') };
  }
  return { kind: 'valid', parameters };
}

/** Where a valid request ends when the person cancels. */
export function cancelledLocation(parameters: URLSearchParams): string {
  return errorLocation(parameters, 'access_denied');
}

/** A parameter that is a list of words; empty when it is not there. */
export function words(parameters: URLSearchParams, name: string): string[] {
  return (parameters.get(name) ?? '').split(' ').filter(Boolean);
}

function reasonToRefuse(parameters: URLSearchParams, clientId: string): string | undefined {
  const repeated = repeatedParameter(parameters);
  if (repeated !== undefined) return invalid(`OAuth 2 parameters can only have a single value: ${repeated}`);
  if (parameters.get('client_id') !== clientId) return 'Error 401: invalid_client. No such client.';
  if (!isLoopbackRedirectUri(parameters.get('redirect_uri') ?? '')) {
    return 'Error 400: redirect_uri_mismatch. It must be http or https on localhost, 127.0.0.1 or [::1].';
  }
  if (parameters.get('response_type') !== 'code') {
    return 'Error 400: unsupported_response_type. The sandbox answers response_type=code only.';
  }
  if ((parameters.get('response_mode') ?? 'query') !== 'query') {
    return invalid('The sandbox answers with response_mode=query only.');
  }
  const scopes = words(parameters, 'scope');
  const strange = scopes.filter((scope) => !ASKABLE_SCOPES.includes(scope));
  if (scopes.length === 0) return invalid('Missing required parameter: scope');
  if (strange.length > 0) return `Error 400: invalid_scope. The sandbox does not know ${strange.join(', ')}.`;
  if (!['online', 'offline'].includes(parameters.get('access_type') ?? 'online')) {
    return invalid('Invalid access_type');
  }
  const prompts = words(parameters, 'prompt');
  if (prompts.some((prompt) => !PROMPTS.includes(prompt))) return invalid('Invalid prompt');
  if (prompts.includes('none') && prompts.length > 1) return invalid('Invalid prompt: none stands alone');
  if (parameters.has('code_challenge') && parameters.get('code_challenge_method') !== 'S256') {
    return invalid('The sandbox takes code_challenge_method=S256 only.');
  }
  return undefined;
}

function invalid(what: string): string {
  return `Error 400: invalid_request. ${what}`;
}
