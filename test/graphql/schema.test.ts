import {
  buildClientSchema,
  buildSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
  printSchema,
} from 'graphql';
import { expect, it } from 'vitest';
import { readSchema } from '../../src/graphql/schema.ts';
import { execute } from '../support/resolver-test.ts';

const named = (definition: string) =>
  /^(?:type|enum|union|interface|scalar|directive) @?(\w+)/m.exec(definition)?.[1] ?? '';

/** A printed schema's definitions, in an order that does not depend on who printed it. */
const definitions = (schema: string) => schema.split('\n\n').sort((a, b) => named(a).localeCompare(named(b)));

it('the schema on the wire is the one in schema/, descriptions and all', async () => {
  const { data } = await execute(getIntrospectionQuery());
  const introspected = buildClientSchema({ ...(data as Partial<IntrospectionQuery>) } as IntrospectionQuery);
  expect(definitions(printSchema(introspected))).toEqual(definitions(printSchema(buildSchema(readSchema()))));
});

it('every type, field and value says what it means', async () => {
  const { data } = await execute(`{ __schema { types {
    name description
    fields { name description }
    enumValues { name description }
  } } }`);
  type Described = { name: string; description: string | null };
  const { types } = (
    data as {
      __schema: { types: (Described & { fields: Described[] | null; enumValues: Described[] | null })[] };
    }
  ).__schema;
  const ours = types.filter(({ name }) => !name.startsWith('__'));
  const silent = ours.flatMap((type) =>
    [type, ...(type.fields ?? []), ...(type.enumValues ?? [])]
      .filter(({ description }) => !description)
      .map(({ name }) => `${type.name}.${name}`),
  );
  expect(ours.length).toBeGreaterThan(10);
  expect(silent).toEqual([]);
});
