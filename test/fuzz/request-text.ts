/** The parts of a request as it goes over the wire; all in latin1, one character a byte. */
export type RequestText = {
  method?: string;
  target?: string;
  version?: string;
  headers?: readonly (readonly [name: string, value: string])[];
  body?: string | undefined;
  /** The sizes of the chunks in which the body is sent, the last one repeated; without it with its Content-Length. */
  chunkSizes?: readonly number[] | undefined;
};

/** A request with its framing, which is right whatever the rest is. */
export function requestText({
  method = 'GET',
  target = '/',
  version = 'HTTP/1.1',
  headers = [],
  body,
  chunkSizes,
}: RequestText): string {
  const framing =
    body === undefined
      ? []
      : [
          chunkSizes
            ? (['Transfer-Encoding', 'chunked'] as const)
            : (['Content-Length', body.length] as const),
        ];
  const lines = [...headers, ...framing].map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `${method} ${target} ${version}\r\n${lines}\r\n${chunkSizes && body !== undefined ? chunked(body, chunkSizes) : (body ?? '')}`;
}

/** A body in the chunks of HTTP (RFC 9112, section 7.1). */
export function chunked(body: string, sizes: readonly number[]): string {
  let text = '';
  for (let at = 0, chunk = 0; at < body.length; chunk++) {
    const size = Math.max(1, sizes[Math.min(chunk, sizes.length - 1)] ?? 1);
    const part = body.slice(at, at + size);
    text += `${part.length.toString(16)}\r\n${part}\r\n`;
    at += size;
  }
  return `${text}0\r\n\r\n`;
}

/** A text as its UTF-8 bytes, one character each. */
export const utf8 = (text: string): string => Buffer.from(text).toString('latin1');
