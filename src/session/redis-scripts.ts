import { createHash } from 'node:crypto';

/** A script with the SHA-1 by which Redis knows it once it has seen it. */
export type RedisScript = { text: string; sha: string };

function script(text: string): RedisScript {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

/**
 * Each script is one step that nothing comes between, on the one key `KEYS[1]`, so that it runs on a Cluster too.
 * A record is a hash; one past its `expiresAt` by the gateway's clock, `ARGV[1]`, is as good as gone. Redis takes it
 * away at about that time by its own.
 *
 * When Redis is out of memory it refuses a script at its first command that may take more, so what comes first
 * decides: starting a record and changing it are refused, extending and deleting one are not.
 */
const alive = `
local expiresAt = tonumber(redis.call('HGET', KEYS[1], 'expiresAt') or 0)
local alive = expiresAt > tonumber(ARGV[1])
`;

/** now, value, expiresAt, lifetime in milliseconds, owner or nothing → 1, or 0 when the key is taken */
export const createScript = script(`${alive}
if alive then return 0 end
redis.call('HSET', KEYS[1], 'value', ARGV[2], 'version', 1, 'expiresAt', ARGV[3], 'owner', ARGV[5])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1`);

/** now, version, value → 1, or 0 when it is gone or has another version */
export const compareAndSetScript = script(`${alive}
if not alive or redis.call('HGET', KEYS[1], 'version') ~= ARGV[2] then return 0 end
redis.call('HINCRBY', KEYS[1], 'version', 1)
redis.call('HSET', KEYS[1], 'value', ARGV[3])
return 1`);

/** now, expiresAt, lifetime in milliseconds → 1, or 0 when it is gone */
export const extendScript = script(`${alive}
if not alive then return 0 end
if tonumber(ARGV[2]) > expiresAt then
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  redis.call('HSET', KEYS[1], 'expiresAt', ARGV[2])
end
return 1`);

/**
 * now → 1, or 0 when it was gone
 *
 * It writes also when there is nothing to delete: WAIT waits for what was written. Another gateway may have deleted
 * the record in vain, as far as its replicas know.
 */
export const destroyScript = script(`${alive}
if redis.call('DEL', KEYS[1]) == 0 then
  redis.call('SET', KEYS[1], '', 'PX', 1000)
  redis.call('DEL', KEYS[1])
end
return alive and 1 or 0`);

/**
 * window in milliseconds → the count and in how many milliseconds its window ends
 *
 * For a key that is no record. Its end is Redis's own, as many gateways share the window.
 */
export const countScript = script(`
local count = redis.call('INCR', KEYS[1])
local endsIn = redis.call('PTTL', KEYS[1])
if endsIn < 0 then
  endsIn = tonumber(ARGV[1])
  redis.call('PEXPIRE', KEYS[1], endsIn)
end
return { count, endsIn }`);
