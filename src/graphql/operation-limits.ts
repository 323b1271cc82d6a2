import {
  type ASTVisitor,
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

/**
 * How large an operation may be. The schema's own deepest operation has five levels; nothing that a front end or a
 * tool asks for comes near the other limits either. Tokens are counted by the parser, before anything else.
 */
export const operationLimits = {
  tokens: 1000,
  /** Fields and inline fragments within each other. What introspection asks below `__schema` is not counted. */
  depth: 6,
  /** Named fragments that spread each other; they are no levels, as front ends compose pages of them. */
  fragmentDepth: 10,
  aliases: 15,
  directives: 50,
  rootFields: 16,
  /** `__schema` and `__type`: a request of 1 kB brings 100 kB of schema for each. */
  introspections: 2,
};

/** Errors that an invalid operation, or its variables, are told of at most. */
export const mostErrors = 10;

type Size = Record<Exclude<keyof typeof operationLimits, 'tokens'>, number>;

const descriptions: Record<keyof Size, string> = {
  depth: 'levels of fields',
  fragmentDepth: 'fragments within each other',
  aliases: 'aliases',
  directives: 'directives',
  rootFields: 'fields at its root',
  introspections: 'questions about the schema',
};

const nothing: Size = {
  depth: 0,
  fragmentDepth: 0,
  aliases: 0,
  directives: 0,
  rootFields: 0,
  introspections: 0,
};

/**
 * Refuses operations that are larger than the limits, as a validation rule: once per document, not once per request,
 * and before anything is executed. What stands in a fragment counts wherever it is spread, and is measured once.
 *
 * For documents that have passed the specified rules: their fragments exist and form no circle.
 */
export function operationLimitsRule(context: ValidationContext): ASTVisitor {
  const sizeOf = createMeasure((name) => context.getFragment(name) ?? undefined);
  let told = 0; // Apollo limits the errors of the specified rules alone
  return {
    OperationDefinition(operation) {
      const size = sizeOf(operation);
      for (const [limit, description] of entriesOf(descriptions)) {
        if (size[limit] <= operationLimits[limit] || told >= mostErrors) continue;
        told++;
        context.reportError(
          new GraphQLError(
            `The operation has more than the ${operationLimits[limit]} ${description} that are allowed`,
            { nodes: operation, extensions: { limit } },
          ),
        );
      }
      return false;
    },
  };
}

/** Measures operations, and each fragment once. */
function createMeasure(fragment: (name: string) => FragmentDefinitionNode | undefined) {
  const known = new Map<string, Size>();

  function sizeOfFragment(name: string): Size {
    const definition = fragment(name);
    const size = known.get(name) ?? (definition ? sizeOfSelections(definition.selectionSet) : nothing);
    known.set(name, size);
    return plus(size, directivesOf(definition));
  }

  function sizeOfSelections(selections: SelectionSetNode | undefined): Size {
    return (selections?.selections ?? []).map(sizeOfSelection).reduce(plus, nothing);
  }

  function sizeOfSelection(selection: SelectionNode): Size {
    const own = directivesOf(selection);
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const size = sizeOfFragment(selection.name.value);
      return plus(own, { ...size, fragmentDepth: size.fragmentDepth + 1 });
    }
    const inside = sizeOfSelections(selection.selectionSet);
    if (selection.kind === Kind.INLINE_FRAGMENT) return plus(own, { ...inside, depth: inside.depth + 1 });
    return plus(own, {
      ...inside,
      depth: isIntrospection(selection) ? 1 : inside.depth + 1,
      aliases: inside.aliases + (selection.alias ? 1 : 0),
      rootFields: 1,
      introspections: isIntrospection(selection) ? 1 : 0,
    });
  }

  return ({ selectionSet, directives = [], variableDefinitions = [] }: OperationDefinitionNode): Size =>
    [{ directives }, ...variableDefinitions].map(directivesOf).reduce(plus, sizeOfSelections(selectionSet));
}

const directivesOf = (node: { readonly directives?: readonly DirectiveNode[] | undefined } | undefined) => ({
  ...nothing,
  directives: node?.directives?.length ?? 0,
});

const isIntrospection = ({ name }: FieldNode): boolean => ['__schema', '__type'].includes(name.value);

/** Two parts of one selection: their levels are side by side, the rest adds up. */
const plus = (a: Size, b: Size): Size => ({
  depth: Math.max(a.depth, b.depth),
  fragmentDepth: Math.max(a.fragmentDepth, b.fragmentDepth),
  aliases: a.aliases + b.aliases,
  directives: a.directives + b.directives,
  rootFields: a.rootFields + b.rootFields,
  introspections: a.introspections + b.introspections,
});

function entriesOf<K extends string, V>(record: Readonly<Record<K, V>>): [K, V][] {
  return Object.entries(record) as [K, V][];
}
