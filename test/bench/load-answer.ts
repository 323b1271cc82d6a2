/** What every answer of a run has to be. */
export type ExpectedAnswer = {
  /** Of the body, in bytes. */
  length: number;
  /** How the body begins, by session. */
  begins: readonly Buffer[];
};

/** `part`: more is to come. `closing`: whole, and the server closes the connection after it. */
export type AnswerState = 'part' | 'whole' | 'closing';

/** As bytes, because making a string of the whole head would cost a third of all that the generator does. */
const headEnd = Buffer.from('\r\n\r\n');
const ok = Buffer.from('HTTP/1.1 200 ');

/**
 * Looks at the first `end` bytes of `bytes`, all that has come of one answer: its status, its length, and that it
 * is the answer for the session that asked. It knows no chunked bodies, which none of the servers sends here.
 *
 * @throws Error saying what is wrong with it
 */
export function checkAnswer(
  bytes: Buffer,
  end: number,
  session: number,
  expected: ExpectedAnswer,
): AnswerState {
  const at = bytes.indexOf(headEnd);
  if (at < 0 || at + headEnd.length > end) return 'part';
  const bodyStart = at + headEnd.length;
  const head = bytes.toString('latin1', 0, at);
  const [, length] = /\r\ncontent-length: *(\d+)/i.exec(head) ?? [];
  if (ok.compare(bytes, 0, ok.length) !== 0 || Number(length) !== expected.length)
    throw wrong(bytes, end, `200 with a body of ${expected.length} bytes`);
  if (end < bodyStart + expected.length) return 'part';
  const begin = expected.begins[session % expected.begins.length] ?? headEnd;
  if (end > bodyStart + expected.length || begin.compare(bytes, bodyStart, bodyStart + begin.length) !== 0)
    throw wrong(bytes, end, begin.toString());
  return /\r\nconnection: *close/i.test(head) ? 'closing' : 'whole';
}

const wrong = (bytes: Buffer, end: number, expected: string) =>
  new Error(
    `A wrong answer, where this was expected: ${expected}\n\n${bytes.toString('latin1', 0, Math.min(end, 2000))}`,
  );
