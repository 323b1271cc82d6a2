import { describe, expect, it } from 'vitest';
import { type Answer, type ApiDocument, createAnswerCheck } from './check-answer.ts';

const named = (properties: Record<string, object>) => ({
  type: 'object',
  required: Object.keys(properties),
  additionalProperties: false,
  properties,
});

const document: ApiDocument = {
  paths: {
    '/thing': {
      get: {
        responses: {
          200: {
            headers: {
              'X-Request-Id': { required: true, schema: { type: 'string', pattern: '^[a-z]+$' } },
              'Retry-After': { schema: { type: 'integer' } },
              'Set-Cookie': { schema: { type: 'string', pattern: '^a=' } },
            },
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
          },
          204: { headers: { Link: { $ref: '#/components/headers/Link' } as never } },
        },
      },
    },
  },
  components: {
    schemas: { Thing: named({ name: { type: 'string' } }), Error: named({ error: { type: 'string' } }) },
    headers: { Link: { required: true, schema: { type: 'string' } } },
  },
};

const check = createAnswerCheck(document);
const right = { 'content-type': 'application/json; charset=utf-8', 'x-request-id': 'abc' };
const answer = (status: number, body: unknown, headers: Record<string, string> = right): Answer => ({
  status,
  headers: new Headers(headers),
  text: body === undefined ? '' : JSON.stringify(body),
});
const faults = (given: Answer, path = '/thing', method = 'GET') => check({ path, method, answer: given });

describe('an answer is checked against the document', () => {
  it('and nothing is said of one that is as declared', () => {
    expect(faults(answer(200, { name: 'a' }), '/thing?query=1')).toEqual([]);
    expect(faults(answer(204, undefined, { link: '</>' }))).toEqual([]);
    expect(faults(answer(200, undefined), '/thing', 'HEAD')).toEqual([]);
    expect(faults(answer(204, undefined, {}), '/thing', 'OPTIONS')).toEqual([]);
    expect(faults(answer(404, { error: 'no' }), '/nothing')).toEqual([]);
  });

  it.each<[string, Answer, string]>([
    ['a status', answer(201, { name: 'a' }), 'the status 201 is not declared'],
    ['a key too many', answer(200, { name: 'a', more: 1 }), 'it must NOT have additional properties'],
    ['a key too few', answer(200, {}), "it must have required property 'name'"],
    ['a value of another type', answer(200, { name: 1 }), '/name must be string'],
    [
      'a media type',
      answer(200, { name: 'a' }, { ...right, 'content-type': 'text/html' }),
      'the media type text/html is not declared',
    ],
    ['a body', answer(204, {}, { link: '</>' }), 'there is a body'],
    [
      'a header too few',
      answer(200, { name: 'a' }, { 'content-type': 'application/json' }),
      'X-Request-Id is missing',
    ],
    [
      'a header of another form',
      answer(200, { name: 'a' }, { ...right, 'x-request-id': '1' }),
      'X-Request-Id: it must match pattern "^[a-z]+$"',
    ],
    [
      'a header that is no number',
      answer(200, { name: 'a' }, { ...right, 'retry-after': 'soon' }),
      'Retry-After: it must be integer',
    ],
    [
      'a cookie of another name',
      answer(200, { name: 'a' }, { ...right, 'set-cookie': 'b=1' }),
      'Set-Cookie: it must match pattern "^a="',
    ],
    [
      'a header too many',
      answer(200, { name: 'a' }, { ...right, deprecation: '@1' }),
      'Deprecation is not declared',
    ],
  ])('and %s that it does not have is said', (_title, given, fault) => {
    expect(faults(given)).toEqual([fault]);
  });

  it('and so is a path or a method that it does not have', () => {
    expect(faults(answer(200, {}), '/nothing')).toEqual(['a path that is not declared answers 200']);
    expect(faults(answer(404, {}), '/nothing')).toEqual(["it must have required property 'error'"]);
    expect(faults(answer(200, {}), '/thing', 'DELETE')).toEqual(['DELETE is not declared and answers 200']);
    expect(faults(answer(405, {}), '/thing', 'GET')).toEqual(['GET is declared and refused']);
    expect(faults(answer(204, undefined, {}), '/thing', 'HEAD')).toEqual(['Link is missing']);
    expect(faults(answer(405, undefined, {}), '/thing', 'OPTIONS')).toEqual(['OPTIONS answers 405']);
  });
});
