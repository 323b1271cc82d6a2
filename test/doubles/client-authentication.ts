/** The credentials of an OAuth client. */
export type ClientCredentials = { id: string; secret: string };

/**
 * The client of a token request (RFC 6749, section 2.3.1): from the Authorization header, form-encoded before
 * base64, or from the form. Both at once is none, as section 2.3 wants it.
 */
export function clientOf(
  form: URLSearchParams,
  authorization: string | undefined,
): ClientCredentials | undefined {
  if (authorization === undefined) {
    const [id, secret] = [form.get('client_id'), form.get('client_secret')];
    return id !== null && secret !== null ? { id, secret } : undefined;
  }
  if (form.has('client_secret')) return undefined;
  const encoded = /^Basic ([\w+/]+=*)$/i.exec(authorization)?.[1] ?? '';
  const pair = /^([^:]*):([^:]*)$/.exec(Buffer.from(encoded, 'base64').toString());
  if (!pair) return undefined;
  const [id, secret] = [decoded(pair[1]), decoded(pair[2])];
  const named = form.get('client_id');
  return named === null || named === id ? { id, secret } : undefined;
}

const decoded = (text = ''): string => new URLSearchParams(`value=${text}`).get('value') ?? '';
