/** An answer that is longer than any good one is. */
export class AnswerTooLong extends Error {
  override readonly name = 'AnswerTooLong';

  constructor(mostBytes: number) {
    super(`it is longer than ${mostBytes} bytes`);
  }
}

/**
 * The whole of an answer's body, of at most `mostBytes` after decoding: whatever a header says of its length, and
 * however little of it went over the wire. Reading stops there, and ends the stream that it reads.
 *
 * @throws AnswerTooLong, or whatever the stream ends with
 */
export async function boundedBody(
  body: AsyncIterable<Uint8Array | string>,
  mostBytes: number,
): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new AnswerTooLong(mostBytes);
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks);
}
