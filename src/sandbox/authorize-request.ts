/** A request to an authorize endpoint, after looking at it. */
export type AuthorizeRequest =
  /** In order: show the people. */
  | { kind: 'valid'; parameters: URLSearchParams }
  /** Wrong, and nobody to be sent back to (RFC 6749, section 4.1.2.1): an error page, never a redirect. */
  | { kind: 'refused'; reason: string }
  /** Wrong in another way: the app is told. */
  | { kind: 'error'; location: string };

/** The name of a parameter that is there more than once, which RFC 6749, section 3.1, forbids. */
export function repeatedParameter(parameters: URLSearchParams): string | undefined {
  return [...parameters.keys()].find((name) => parameters.getAll(name).length > 1);
}

/** The app's redirect URI with an error and the state it sent; only after the redirect URI was checked. */
export function errorLocation(parameters: URLSearchParams, error: string, description?: string): string {
  const location = new URL(parameters.get('redirect_uri') ?? '');
  location.searchParams.set('error', error);
  if (description !== undefined) location.searchParams.set('error_description', description);
  const state = parameters.get('state');
  if (state !== null) location.searchParams.set('state', state);
  return location.href;
}
