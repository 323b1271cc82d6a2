import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createUnderWay } from '../../src/ops/under-way.ts';

const answers = Array.from({ length: 8 }, () => new ServerResponse(new IncomingMessage(new Socket())));

it('has those that were added and not taken away, each once', () => {
  const steps = fc.array(fc.record({ isAdded: fc.boolean(), answer: fc.constantFrom(...answers) }), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(steps, (taken) => {
      const underWay = createUnderWay();
      const expected = new Set<ServerResponse>();
      for (const { isAdded, answer } of taken) {
        if (isAdded && !expected.has(answer)) {
          expected.add(answer);
          underWay.add(answer);
        } else if (!isAdded) {
          expected.delete(answer);
          underWay.delete(answer);
        }
      }
      expect(underWay.list).toHaveLength(expected.size);
      expect(new Set(underWay.list)).toEqual(expected);
      for (const answer of expected) underWay.delete(answer);
      expect(underWay.list).toEqual([]);
    }),
  );
});
