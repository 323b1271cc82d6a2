import { Lexer, Source, TokenKind } from 'graphql';
import { standardRole } from '../support/connect-role.ts';

/** A field whose answer takes a call to a cloud: executing anything that asks for it is seen there. */
type Place = {
  name: string;
  kind: 'query' | 'mutation';
  /** The type of the object that it answers, which has `id`, `provider` and `displayName`. */
  type: string;
  /** Levels above the selections of that object. */
  levels: number;
  around(selections: string): string;
};

/** Where large operations are asked for: all that a signed-in person can make the gateway call. */
export const places: [Place, Place, Place] = [
  {
    name: 'azureSubscriptions',
    kind: 'query',
    type: 'AzureSubscription',
    levels: 1,
    around: (selections) => `azureSubscriptions { ${selections} }`,
  },
  {
    name: 'subscriptionDetails',
    kind: 'query',
    type: 'AzureSubscription',
    levels: 3,
    around: (selections) => `accounts { ... on AzureAccount { subscriptionDetails { ${selections} } } }`,
  },
  {
    name: 'connectAwsAccount',
    kind: 'mutation',
    type: 'AwsAccount',
    levels: 2,
    around: (selections) => `connectAwsAccount(roleArn: "${standardRole}") { account { ${selections} } }`,
  },
];

/** `text(0) text(1) …`, so many times. */
export const times = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');

/** An operation that asks a place for these selections, with its fragments behind it. */
export const asking = (place: Place, selections: string, fragments = ''): string =>
  `${place.kind} Large { ${place.around(selections)} } ${fragments}`;

/** A chain of fragments on a type: each spreads the next one so many times, and the last one is `end`. */
export const chain = (type: string, length: number, spreads = 1, end = 'id'): string =>
  times(length, (index) => {
    const inside = index === length - 1 ? end : times(spreads, () => `...F${index + 1}`);
    return `fragment F${index} on ${type} { ${inside} }`;
  });

const nested = (levels: number, inside: string): string =>
  `${times(levels, () => '... {')} ${inside} ${times(levels, () => '}')}`;

/** `each`, so many times: in a fragment of five that is spread for every five of them, and what is left after it. */
function inFragments(count: number, type: string, each: (index: number) => string): [string, string] {
  const spreads = times(Math.floor(count / 5), () => '...Five');
  return [
    `${spreads} ${times(count % 5, (at) => each(5 + at))}`,
    `fragment Five on ${type} { ${times(5, each)} }`,
  ];
}

const include = '@include(if: true)';
const rootType = ({ kind }: Place) => (kind === 'query' ? 'Query' : 'Mutation');
const withRoot = (place: Place, more: string, fragments = '') =>
  `${place.kind} Large { ${place.around('id')} ${more} } ${fragments}`;

/** A way to write an operation of a size: `write(place, 15)` has 15 of what is limited, and little of anything else. */
export type Way = { limit: keyof typeof limits; way: string; write(place: Place, size: number): string };

/** How large an operation may be. */
export const limits = {
  tokens: 1000,
  depth: 6,
  fragmentDepth: 10,
  aliases: 15,
  directives: 50,
  rootFields: 16,
};

/** Each limit, through all that an operation can be made of. */
export const ways: Way[] = [
  {
    limit: 'tokens',
    way: 'fields',
    write: (place, size) => asking(place, fields(size - tokensIn(asking(place, '')))),
  },
  {
    limit: 'depth',
    way: 'inline fragments',
    write: (place, size) => asking(place, nested(size - place.levels - 1, 'id')),
  },
  {
    limit: 'depth',
    way: 'a fragment that is spread twice',
    write: (place, size) =>
      asking(place, '...F ...F', `fragment F on ${place.type} { ${nested(size - place.levels - 1, 'id')} }`),
  },
  {
    limit: 'depth',
    way: 'the deepest of several branches',
    write: (place, size) => asking(place, `id ${nested(size - place.levels - 1, 'id')} ... { id }`),
  },
  {
    limit: 'fragmentDepth',
    way: 'a chain',
    write: (place, size) => asking(place, '...F0', chain(place.type, size)),
  },
  {
    limit: 'fragmentDepth',
    way: 'a chain that doubles at each link',
    write: (place, size) => asking(place, '...F0', chain(place.type, size, 2)),
  },
  {
    limit: 'fragmentDepth',
    way: 'a chain in an inline fragment',
    write: (place, size) => asking(place, 'id ... { ...F0 }', chain(place.type, size)),
  },
  {
    limit: 'aliases',
    way: 'fields',
    write: (place, size) =>
      asking(
        place,
        times(size, (at) => `a${at}: id`),
      ),
  },
  {
    limit: 'aliases',
    way: '__typename',
    write: (place, size) =>
      asking(
        place,
        times(size, (at) => `a${at}: __typename`),
      ),
  },
  {
    limit: 'aliases',
    way: 'one alias all the time',
    write: (place, size) =>
      asking(
        place,
        times(size, () => 'a: id'),
      ),
  },
  {
    limit: 'aliases',
    way: 'a fragment that is spread several times',
    write: (place, size) => asking(place, ...inFragments(size, place.type, (at) => `a${at}: id`)),
  },
  {
    limit: 'aliases',
    way: 'inline fragments',
    write: (place, size) =>
      asking(
        place,
        times(size, (at) => `... { a${at}: id }`),
      ),
  },
  {
    limit: 'aliases',
    way: 'the root',
    write: (place, size) =>
      `${place.kind} Large { a: ${place.around('id')} ${times(size - 1, (at) => `a${at}: __typename`)} }`,
  },
  {
    limit: 'directives',
    way: 'fields',
    write: (place, size) =>
      asking(
        place,
        times(size, () => `id ${include}`),
      ),
  },
  {
    limit: 'directives',
    way: 'two on each field',
    write: (place, size) =>
      asking(
        place,
        `${times(size % 2, () => `id ${include}`)} ${times(size >> 1, () => `id ${include} @skip(if: false)`)}`,
      ),
  },
  {
    limit: 'directives',
    way: 'a fragment that is spread several times',
    write: (place, size) => asking(place, ...inFragments(size, place.type, () => `id ${include}`)),
  },
  {
    limit: 'directives',
    way: 'spreads',
    write: (place, size) =>
      asking(
        place,
        times(size, () => `...F ${include}`),
        `fragment F on ${place.type} { id }`,
      ),
  },
  {
    limit: 'directives',
    way: 'inline fragments',
    write: (place, size) =>
      asking(
        place,
        times(size, () => `... ${include} { id }`),
      ),
  },
  {
    limit: 'rootFields',
    way: 'fields',
    write: (place, size) =>
      withRoot(
        place,
        times(size - 1, () => '__typename'),
      ),
  },
  {
    limit: 'rootFields',
    way: 'a fragment that is spread several times',
    write: (place, size) => withRoot(place, ...inFragments(size - 1, rootType(place), () => '__typename')),
  },
  {
    limit: 'rootFields',
    way: 'inline fragments',
    write: (place, size) =>
      withRoot(
        place,
        times(size - 1, () => '... { __typename }'),
      ),
  },
];

/** Fields that take a token each; several, as graphql-js compares each with all others of its name. */
const fields = (count: number): string =>
  times(count, (at) => ['id', 'provider', 'displayName', '__typename'][at % 4] ?? 'id');

function tokensIn(operation: string): number {
  const lexer = new Lexer(new Source(operation));
  let count = 0;
  while (lexer.advance().kind !== TokenKind.EOF) count += 1;
  return count;
}
