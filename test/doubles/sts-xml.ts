import { randomUUID } from 'node:crypto';
import type { StsAnswer } from './sts-server.ts';

/** An element's content: text, which is escaped, or elements. */
export type XmlContent = string | { [name: string]: XmlContent };

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** What an action of STS answers. */
export function stsResult(action: string, result: XmlContent): StsAnswer {
  const requestId = randomUUID();
  const content = { [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } };
  return { status: 200, requestId, xml: document(`${action}Response`, content) };
}

/** What STS answers to a request that it refuses, or that it fails at. */
export function stsError(status: number, code: string, message: string): StsAnswer {
  const requestId = randomUUID();
  const error = { Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: message };
  return { status, requestId, xml: document('ErrorResponse', { Error: error, RequestId: requestId }) };
}

const document = (name: string, content: XmlContent): string =>
  `<${name} xmlns="${namespace}">${markup(content)}</${name}>\n`;

function markup(content: XmlContent): string {
  if (typeof content === 'string') return content.replace(/[<>&"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return Object.entries(content)
    .map(([name, inner]) => `<${name}>${markup(inner)}</${name}>`)
    .join('');
}
