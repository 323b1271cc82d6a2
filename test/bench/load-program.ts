import { type Load, runLoad, type Sample } from './load-run.ts';

/*
 * The load generator, a process of its own: each message is a load to send, each answer what came of it.
 *
 * Why not autocannon: measured side by side on one machine (autocannon 9.0.0, 64 connections), it took 70 µs of CPU
 * time for a request, this one 40, and the fastest server 100. That is too near for it never to be the limit; and it
 * does not look whether an answer is the one for the session that asked.
 */

/** What is answered. */
export type LoadOutcome = { sample: Sample } | { error: string };

process.on('message', async (load: Load) => {
  const outcome: LoadOutcome = await runLoad(withBuffers(load)).then(
    (sample) => ({ sample }),
    (error) => ({ error: error instanceof Error ? error.message : String(error) }),
  );
  process.send?.(outcome);
});
process.on('disconnect', () => process.exit());

/** The advanced serialization of messages makes plain Uint8Arrays of Buffers. */
function withBuffers(load: Load): Load {
  const { requests, expected } = load;
  return {
    ...load,
    requests: requests.map((bytes) => Buffer.from(bytes)),
    expected: { ...expected, begins: expected.begins.map((bytes) => Buffer.from(bytes)) },
  };
}
