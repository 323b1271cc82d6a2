/** As much of the browser's storage as GraphiQL needs. */
export type TabStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'clear' | 'length'>;

/** The one entry that holds the tabs, with the contents of each. */
const tabsKey = 'graphiql:tabState';

/** What GraphiQL keeps a second time, of the active tab. */
const fieldOf: Record<string, 'query' | 'variables'> = {
  'graphiql:query': 'query',
  'graphiql:variables': 'variables',
};

/** Of the tabs, what is never kept, whatever GraphiQL would keep: answers may hold tokens, and headers are secrets. */
const unkept = new Set(['response', 'headers', 'hash']);

/**
 * Where GraphiQL keeps tabs between visits, so that a sign-in, which leaves the page, comes back to them.
 *
 * The active tab's contents are read from the tabs instead of being kept again: GraphiQL writes the two at different
 * times, and where they differ, as after a first visit without an edit, it adds an empty tab at each visit.
 */
export function createTabStorage(storage: TabStorage = createMemoryStorage()): TabStorage {
  return {
    getItem: (key) =>
      fieldOf[key] ? activeField(storage.getItem(tabsKey), fieldOf[key]) : storage.getItem(key),
    setItem(key, value) {
      if (fieldOf[key]) return;
      storage.setItem(key, key === tabsKey ? withoutSecrets(value) : value);
    },
    removeItem: (key) => storage.removeItem(key),
    // What the console keeps stays.
    clear() {
      for (const key of Object.keys(storage)) if (key.startsWith('graphiql:')) storage.removeItem(key);
    },
    get length() {
      return storage.length;
    },
  };
}

const withoutSecrets = (tabs: string): string =>
  JSON.stringify(JSON.parse(tabs), (name, value) => (unkept.has(name) ? null : value));

function activeField(stored: string | null, field: 'query' | 'variables'): string | null {
  try {
    const { tabs, activeTabIndex } = JSON.parse(stored ?? '{}');
    const value: unknown = tabs?.[activeTabIndex]?.[field];
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

function createMemoryStorage(): TabStorage {
  const entries = new Map<string, string>();
  return {
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: (key) => void entries.delete(key),
    clear: () => entries.clear(),
    get length() {
      return entries.size;
    },
  };
}
