import type { GraphQLArgument, GraphQLInputType } from 'graphql';
import { anyOf, chance, several } from './chances.ts';
import type { Making } from './inputs.ts';
import { accountId, jsonValue, oddText, roleArn, word } from './junk.ts';

/** True where something is to be wrong. */
export type IsWrong = () => boolean;

/** Writes the parts of an operation that hold values, and keeps the variables that it took for them. */
export type ValueWriter = {
  /** `roleArn: "x"`, `roleArn: $v0`. */
  argument(argument: GraphQLArgument): string;
  /** ` @skip(if: true)` and the like: nothing, mostly. */
  directives(): string;
  /** ` ($v0: String!)`, for what was written since the last time. */
  takeDeclarations(): string;
  variables: Record<string, unknown>;
};

const literals: readonly string[] = [
  'null',
  '1',
  '-1.5e10',
  '99999999999999999999',
  '"x"',
  '"\\u0000"',
  '"""block"""',
  '[]',
  '{}',
  '[[[1]]]',
  '{a: {b: 1}}',
  '{__proto__: 1}',
  'ENUM',
  'azure',
  '$undefined',
  '['.repeat(200) + ']'.repeat(200),
];

/** A value in GraphQL's notation that nothing here takes. */
export const oddLiteral = ({ random, marker }: Making): string =>
  anyOf(random, [...literals, JSON.stringify(marker), JSON.stringify(oddText(random))]);

const oddTypes = ['Int', 'String', 'String!', '[ID!]!', 'CurrentUser', 'Nothing', '[[[[String]]]]'] as const;

export function createValueWriter(making: Making, isWrong: IsWrong): ValueWriter {
  const { random, marker } = making;
  const variables: Record<string, unknown> = {};
  let declarations: string[] = [];

  function variable(type: GraphQLInputType, value: unknown): string {
    const name = `v${Object.keys(variables).length}`;
    variables[name] = isWrong() ? jsonValue(random, marker) : value;
    const declared = isWrong() ? random.pick(oddTypes) : String(type);
    const preset = isWrong() ? ` = ${oddLiteral(making)}` : '';
    if (!isWrong()) declarations.push(`$${name}: ${declared}${preset}${directives()}`);
    return `$${name}`;
  }

  function argument({ name, type }: GraphQLArgument): string {
    const junk: Record<string, () => unknown> = {
      roleArn: () => roleArn(random, marker),
      id: () => accountId(random, marker),
      includeDeprecated: () => true,
    };
    const value = junk[name]?.() ?? word(random);
    const named = isWrong() ? word(random) : name;
    if (chance(random, 40)) return `${named}: ${variable(type, value)}`;
    return `${named}: ${isWrong() ? oddLiteral(making) : JSON.stringify(value)}`;
  }

  function directives(): string {
    if (!chance(random, isWrong() ? 50 : 3)) return '';
    const condition = () => (isWrong() ? oddLiteral(making) : random.pick(['true', 'false']));
    const directive = () =>
      isWrong() ? `@${word(random)}` : `@${random.pick(['skip', 'include'])}(if: ${condition()})`;
    return ` ${several(random, 1, isWrong() && chance(random, 20) ? 60 : 1, directive).join(' ')}`;
  }

  return {
    argument,
    directives,
    variables,
    takeDeclarations() {
      const text = declarations.length > 0 ? ` (${declarations.join(', ')})` : '';
      declarations = [];
      return text;
    },
  };
}
