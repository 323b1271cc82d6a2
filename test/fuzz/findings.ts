import { statusByCode } from '../../src/errors.ts';
import { type Answer, endsWithConnection, readAnswers } from './answers.ts';
import type { Canaries } from './canaries.ts';
import type { Exchange } from './connections.ts';
import type { Input } from './inputs.ts';

/** What an input is judged by, beside what came back for it. */
export type Judging = {
  canaries: Canaries;
  /** The answers that may be HTML. */
  pages: readonly string[];
};

/** The codes of failures that no input can be the reason of: healthy clouds and a healthy store have none. */
const failureCodes = Object.entries(statusByCode)
  .filter(([, status]) => status >= 500)
  .map(([code]) => code);
const failureCode = new RegExp(`"code":"(${failureCodes.join('|')})"`);

/** A frame of a stack: `    at handle (file:///…/app.ts:1:2)`, also within a JSON string. */
const stackFrame = / {4}at \S[^\n]{0,200}?(?:file:|node:|\/)[^\s)]{1,200}:\d+/;

/** Something that must not be; of which input, where that is known. */
export type Finding = {
  what: string;
  input?: Pick<Input, 'class' | 'index'> | undefined;
  /** The input before it on the same connection. */
  after?: number | undefined;
  /** What was sent and what came, in printable characters, or a line of the log. */
  details: string[];
};

/** All that is wrong with what came back for an input, in a few words each. */
export function faultsIn(exchange: Exchange, input: Input, judging: Judging): string[] {
  const { answers, rest } = readAnswers(exchange.received);
  const ofExchange = [
    ...(exchange.end === 'silent' ? ['neither an answer nor a close in time'] : []),
    ...(rest === '' || exchange.received === '' ? [] : [`what came is no HTTP: ${shown(rest)}`]),
    ...(input.endsAfterMs === undefined ? faultsInCount(exchange, answers) : []),
    ...judging.canaries.foundIn(exchange.received).map((name) => `${name} in the answer`),
  ];
  return [...ofExchange, ...answers.flatMap((answer) => faultsInAnswer(answer, judging))];
}

/** A whole request has exactly one answer. */
function faultsInCount(exchange: Exchange, answers: Answer[]): string[] {
  if (answers.length > 1) return [`${answers.length} answers to one request`];
  if (answers.length === 0 && exchange.end === 'closed') return ['closed without an answer'];
  const [answer] = answers;
  const isUnannounced = answer && exchange.end === 'closed' && !endsWithConnection(answer);
  return isUnannounced ? ['closed in the middle of the answer'] : [];
}

/** A sign-in that fails is told within the console. */
const failedSignIn = /<div id="failed-sign-in" [^\n]*<\/div>/;

function faultsInAnswer(answer: Answer, { pages }: Judging): string[] {
  const { status, headers, body, isWhole } = answer;
  const page = body.replace(failedSignIn, '<!--failed-sign-in-->');
  const isJson = /json/.test(headers['content-type'] ?? '') && isWhole && body !== '';
  return [
    ...(status >= 500 ? [`status ${status}`] : []),
    ...(failureCode.test(body) ? [`the code ${failureCode.exec(body)?.[1]}`] : []),
    ...(stackFrame.test(body) ? ['a stack trace in the answer'] : []),
    ...(/<html|<!doctype/i.test(body) && !pages.includes(page) ? ['HTML in the answer'] : []),
    ...(isJson && !isParsable(body) ? ['an answer that says it is JSON, and is not'] : []),
  ];
}

function isParsable(json: string): boolean {
  try {
    JSON.parse(json);
    return true;
  } catch {
    return false;
  }
}

/** The beginning of some bytes, in printable characters. */
export const shown = (text: string, most = 300): string =>
  JSON.stringify(text.slice(0, most)).replace(
    /[\x7f-\xff]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16)}`,
  );
