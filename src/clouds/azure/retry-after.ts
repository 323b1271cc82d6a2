/** Nobody means to be asked again later than that. */
const longestMillis = 24 * 3_600_000;

/** When a Retry-After header ends, in milliseconds since 1970; it is whole seconds, or a date (RFC 9110, section 10.2.3). */
export function retryAtOf(header: string | undefined): number | undefined {
  if (!header) return undefined;
  const retryAt = /^\d+$/.test(header) ? Date.now() + Number(header) * 1000 : Date.parse(header);
  return Number.isFinite(retryAt) ? Math.min(retryAt, Date.now() + longestMillis) : undefined;
}

/** The whole seconds until then, rounded up; undefined when it is unknown. */
export const secondsUntil = (retryAt: number | undefined): number | undefined =>
  retryAt === undefined ? undefined : Math.max(0, Math.ceil((retryAt - Date.now()) / 1000));
