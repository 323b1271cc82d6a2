import type Provider from 'oidc-provider';
import type { Person, SandboxTenant } from '../people.ts';

/** A tenant with the identity provider that speaks for it. */
export type DirectoryEntry = { tenant: SandboxTenant; provider: Provider };

/** Who and what exists in the pretend Entra: tenants, their people, and the authorities one may sign in at. */
export type Directory = {
  addTenant(tenant: SandboxTenant): void;
  addPerson(person: Person): void;
  /** True for a tenant's id and for the authorities that stand for any tenant. */
  isAuthority(name: string): boolean;
  /** The tenant, when the authority names one. */
  entry(authority: string): DirectoryEntry | undefined;
  entries(): Iterable<DirectoryEntry>;
  /** Those who may sign in at an authority. */
  peopleAt(authority: string): Person[];
};

const ANY_TENANT = new Set(['organizations', 'common']);

/** True for `organizations` and `common`, the authorities at which people of every tenant sign in. */
export function standsForAnyTenant(authority: string): boolean {
  return ANY_TENANT.has(authority);
}

/**
 * An empty directory. `createProvider` makes a tenant's identity provider and gets a look-up of that tenant's
 * people, which sees those added later too. Faulty additions throw: they are mistakes of a test.
 */
export function createDirectory(
  createProvider: (tenantId: string, findPerson: (id: string) => Person | undefined) => Provider,
): Directory {
  const entries = new Map<string, DirectoryEntry>();
  const people = new Map<string, Person>();

  function findPerson(tenantId: string, id: string): Person | undefined {
    const person = people.get(id);
    return person?.tenantId === tenantId ? person : undefined;
  }

  return {
    addTenant(tenant) {
      if (entries.has(tenant.id)) throw new Error(`The sandbox has a tenant ${tenant.id} already`);
      const provider = createProvider(tenant.id, (id) => findPerson(tenant.id, id));
      entries.set(tenant.id, { tenant, provider });
    },
    addPerson(person) {
      if (people.has(person.id)) throw new Error(`The sandbox has a person ${person.id} already`);
      if (!entries.has(person.tenantId)) throw new Error(`Add tenant ${person.tenantId} before its people`);
      people.set(person.id, person);
    },
    isAuthority: (name) => entries.has(name) || standsForAnyTenant(name),
    entry: (authority) => entries.get(authority),
    entries: () => entries.values(),
    peopleAt: (authority) =>
      [...people.values()].filter(({ tenantId }) => standsForAnyTenant(authority) || tenantId === authority),
  };
}
