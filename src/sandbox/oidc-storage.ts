import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';

const MAXIMUM_RECORDS = 20_000;

/**
 * What one identity provider remembers: codes, tokens, grants, interactions. In memory, the oldest dropped first,
 * expiry left to the provider, which checks it whenever it reads a record.
 *
 * The library has one of its own, but warns on the console when that is used.
 *
 * @see https://github.com/panva/node-oidc-provider/blob/main/example/my_adapter.js
 */
export function createOidcStorage(): AdapterFactory {
  const records = new Map<string, AdapterPayload>();

  function findBy(property: 'uid' | 'userCode', value: string): AdapterPayload | undefined {
    return records.values().find((payload) => payload[property] === value);
  }

  return (model): Adapter => ({
    async upsert(id, payload) {
      records.set(`${model}:${id}`, payload);
      const [oldest] = records.keys();
      if (records.size > MAXIMUM_RECORDS && oldest !== undefined) records.delete(oldest);
    },
    async find(id) {
      return records.get(`${model}:${id}`);
    },
    async findByUid(uid) {
      return findBy('uid', uid);
    },
    async findByUserCode(userCode) {
      return findBy('userCode', userCode);
    },
    async consume(id) {
      const payload = records.get(`${model}:${id}`);
      if (payload) payload.consumed = Math.floor(Date.now() / 1000);
    },
    async destroy(id) {
      records.delete(`${model}:${id}`);
    },
    async revokeByGrantId(grantId) {
      for (const [key, payload] of records) if (payload.grantId === grantId) records.delete(key);
    },
  });
}
