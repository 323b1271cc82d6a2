import { InMemoryLRUCache } from '@apollo/utils.keyvaluecache';
import type { DocumentNode, Token } from 'graphql';

/** For all operations that are kept parsed and validated, in characters of text and tree. */
const mostCharacters = 4 * 1024 * 1024;

/** What a token takes, each of which a tree holds on to, also those of comments. */
const tokenBytes = 150;

function tokensIn({ loc }: DocumentNode): number {
  let tokens = 0;
  for (let token: Token | null = loc?.startToken ?? null; token; token = token.next) tokens++;
  return tokens;
}

/**
 * Keeps operations that Apollo has parsed and validated, so that the next request with the same text need not be.
 * Apollo's own store measures their tree alone, and would keep gigabytes of comments: each tree holds on to its text.
 */
export const createDocumentStore = (): InMemoryLRUCache<DocumentNode> =>
  new InMemoryLRUCache({
    maxSize: mostCharacters,
    sizeCalculation: (document) =>
      JSON.stringify(document).length +
      (document.loc?.source.body.length ?? 0) +
      tokenBytes * tokensIn(document),
  });
