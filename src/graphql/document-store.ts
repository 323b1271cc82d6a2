import { InMemoryLRUCache } from '@apollo/utils.keyvaluecache';
import type { DocumentNode } from 'graphql';

/** For all operations that are kept parsed and validated, in characters of text and tree. */
const mostCharacters = 4 * 1024 * 1024;

/**
 * Keeps operations that Apollo has parsed and validated, so that the next request with the same text need not be.
 * Apollo's own store measures their tree alone, and would keep gigabytes of comments: each tree holds on to its text.
 */
export const createDocumentStore = (): InMemoryLRUCache<DocumentNode> =>
  new InMemoryLRUCache({
    maxSize: mostCharacters,
    sizeCalculation: (document) => JSON.stringify(document).length + (document.loc?.source.body.length ?? 0),
  });
