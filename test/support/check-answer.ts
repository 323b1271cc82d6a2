import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** As much of an OpenAPI document as answers are checked against. */
export type ApiDocument = {
  paths: Record<string, Record<string, { responses: Record<string, Described> }>>;
  components: Record<string, Record<string, object>>;
};
type Described = { headers?: Record<string, DescribedHeader>; content?: Record<string, { schema: object }> };
type DescribedHeader = { required?: boolean; schema: object };

/** A request and what came back: as `fetch` gives it, or `sendRequest`. */
export type Exchange = { method?: string | undefined; path: string; answer: Answer };
export type Answer = { status: number; headers: Headers; text: string };

/** Headers that say something of the path or the session: none comes that is not in the document. */
const telling = [
  'Allow',
  'Deprecation',
  'Link',
  'Location',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'Set-Cookie',
];

/**
 * Checks answers against an OpenAPI document: that their status is declared, that the body is of its schema, that the
 * headers which must be there are, and that none is which the document does not know. Gives what is wrong, in words; an
 * answer that is right has nothing.
 */
export function createAnswerCheck(document: ApiDocument): (exchange: Exchange) => string[] {
  const ajv = new Ajv2020({ allErrors: true, strictTypes: false });
  ajv.addKeyword('discriminator');
  ajv.addSchema(inAjv({ $id: 'api', $defs: document.components.schemas ?? {} }));

  const compiled = new Map<string, ValidateFunction>();

  function faultsOf(schema: object, value: unknown): string[] {
    const text = JSON.stringify(schema);
    const validate = compiled.get(text) ?? ajv.compile(inAjv(schema));
    compiled.set(text, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || 'it'} ${message}`);
  }

  const resolved = <T extends object>(target: T): T =>
    '$ref' in target ? (lookUp(document, String(target.$ref)) as T) : target;

  function headerFaults(declared: Record<string, DescribedHeader>, headers: Headers): string[] {
    const faults = Object.entries(declared).flatMap(([name, reference]) => {
      const { required, schema } = resolved(reference);
      const values = name === 'Set-Cookie' ? headers.getSetCookie() : [headers.get(name) ?? []].flat();
      if (required && values.length === 0) return [`${name} is missing`];
      return values.flatMap((value) =>
        faultsOf(schema, asTyped(schema, value)).map((fault) => `${name}: ${fault}`),
      );
    });
    const undeclared = telling.filter((name) => headers.has(name) && !(name in declared));
    return [...faults, ...undeclared.map((name) => `${name} is not declared`)];
  }

  function bodyFaults(content: Described['content'], { headers, text }: Answer): string[] {
    if (content === undefined) return text === '' ? [] : ['there is a body'];
    const mediaType = headers.get('content-type')?.split(';')[0] ?? 'none';
    const declared = content[mediaType];
    if (!declared) return [`the media type ${mediaType} is not declared`];
    if (mediaType === 'text/html') return text.startsWith('<!doctype html>') ? [] : ['there is no page'];
    return faultsOf(declared.schema, JSON.parse(text));
  }

  return ({ method = 'GET', path, answer }) => {
    const item = document.paths[new URL(path, 'http://localhost').pathname];
    if (!item) {
      const isRefusal = answer.status === 404 || (answer.status === 400 && path.includes('%'));
      return isRefusal
        ? bodyFaults(refusalContent, answer)
        : [`a path that is not declared answers ${answer.status}`];
    }
    const isHead = method === 'HEAD' && 'get' in item;
    const operation = isHead ? item.get : item[method.toLowerCase()];
    if (method === 'OPTIONS') return answer.status === 204 ? [] : [`OPTIONS answers ${answer.status}`];
    if (!operation && answer.status !== 405)
      return [`${method} is not declared and answers ${answer.status}`];
    if (operation && answer.status === 405) return [`${method} is declared and refused`];
    const { responses } = operation ?? Object.values(item)[0] ?? { responses: {} };
    const reference = responses[answer.status];
    if (!reference) return [`the status ${answer.status} is not declared`];
    const { headers = {}, content } = resolved(reference);
    const hasBody = method !== 'HEAD' && content !== undefined;
    return [...headerFaults(headers, answer.headers), ...bodyFaults(hasBody ? content : undefined, answer)];
  };
}

const refusalContent = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } };

/** The document itself is no schema, so its schemas have another place among those of Ajv. */
const inAjv = (schema: object): object =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/components/schemas/', '"api#/$defs/'));

const asTyped = (schema: object, value: string): unknown =>
  'type' in schema && schema.type === 'integer' ? Number(value) : value;

function lookUp(document: object, reference: string): object {
  const found = reference
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((value, key) => Reflect.get(Object(value), key), document);
  if (typeof found !== 'object' || found === null) throw new Error(`${reference} leads nowhere`);
  return found;
}

/** An answer of `fetch` with its body read, to be checked. */
export const readAnswer = async (response: Response): Promise<Answer> => ({
  status: response.status,
  headers: response.headers,
  text: await response.text(),
});
