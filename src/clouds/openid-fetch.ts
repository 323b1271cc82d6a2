import type { CustomFetch } from 'openid-client';
import { boundedBody } from './bounded-body.ts';

/** The longest answer of an OpenID provider that is read: metadata, keys and tokens are some kilobytes. */
const mostBytes = 1_000_000;

/** The statuses whose answers have no body, nor may a Response with them be given one. */
const bodiless = [204, 205, 304];

/**
 * What openid-client fetches with. It would read an answer to its end, however long; this ends the connection of one
 * that is too long. The deadline is in `init.signal`, and holds to the last byte.
 */
export const openidFetch: CustomFetch = async (url, { body, ...init }) => {
  const response = await fetch(url, { ...init, body: body ?? null });
  const { status, headers } = response;
  if (!response.body || bodiless.includes(status)) return response;
  return new Response(await boundedBody(response.body, mostBytes), { status, headers });
};
