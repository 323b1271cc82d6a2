/** One answer as it stood on the wire, in latin1. */
export type Answer = {
  status: number;
  /** Status line and headers. */
  head: string;
  /** Values by lower-case name; of several headers of one name, the first. */
  headers: Record<string, string>;
  body: string;
  /** Whether the body is as long as it says: not so in answers to HEAD, and in such as were cut off. */
  isWhole: boolean;
};

/** Answers in the order in which they came, and what is none. */
export type Received = { answers: Answer[]; rest: string };

const statusLine = /^HTTP\/1\.[01] (\d{3})(?: [^\r\n]*)?$/;

/**
 * All the answers in what a connection brought. An answer without a body, as to HEAD, is followed by another one or
 * by nothing; no body begins as an answer does.
 */
export function readAnswers(received: string): Received {
  const answers: Answer[] = [];
  let rest = received;
  while (rest !== '') {
    const answer = readAnswer(rest);
    if (!answer) break;
    rest = rest.slice(answer.head.length + 4 + answer.body.length);
    if (answer.status >= 200) answers.push(answer);
  }
  return { answers, rest };
}

/** Whether one whole answer is there, as far as it says itself where it ends: that may also be where all ends. */
export function isComplete(received: string, isHead: boolean): boolean {
  const answer = readAnswer(received);
  if (!answer) return false;
  if (answer.status < 200) return isComplete(received.slice(answer.head.length + 4), isHead);
  if (endsWithConnection(answer)) return false;
  return answer.isWhole || isHead;
}

export const endsWithConnection = ({ headers }: Answer): boolean =>
  headers.connection?.toLowerCase() === 'close';

function readAnswer(text: string): Answer | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = text.slice(0, end);
  const [first = '', ...lines] = head.split('\r\n');
  const status = Number(statusLine.exec(first)?.[1]);
  if (Number.isNaN(status)) return undefined;
  const headers = headersOf(lines);
  const after = text.slice(end + 4);
  const hasNone = status < 200 || status === 204 || status === 304 || after.startsWith('HTTP/1.');
  const { body, isWhole } = hasNone ? { body: '', isWhole: true } : bodyOf(after, headers);
  return { status, head, headers, body, isWhole: isWhole && !after.startsWith('HTTP/1.') };
}

function bodyOf(after: string, headers: Record<string, string>): Pick<Answer, 'body' | 'isWhole'> {
  if (headers['transfer-encoding'] !== undefined) {
    const end = after.indexOf('\r\n0\r\n\r\n');
    return { body: end < 0 ? after : after.slice(0, end + 7), isWhole: end >= 0 };
  }
  const length = Number(headers['content-length'] ?? 0);
  return { body: after.slice(0, length), isWhole: after.length >= length };
}

function headersOf(lines: string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] ??= line.slice(colon + 1).trim();
  }
  return headers;
}
