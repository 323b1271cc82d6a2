import { randomUUID } from 'node:crypto';
import type { Exchange } from '../exchange.ts';
import type { StsError } from './sts-error.ts';
import { renderXml, type XmlContent } from './xml.ts';

/** The version of the API, the only one there is; also a part of its XML namespace. */
export const STS_VERSION = '2011-06-15';

/**
 * Answers an action's result in AWS's Query protocol.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html#API_AssumeRole_Examples
 */
export function sendResult(exchange: Exchange, action: string, result: XmlContent): void {
  send(exchange, 200, `${action}Response`, (requestId) => ({
    [`${action}Result`]: result,
    ResponseMetadata: { RequestId: requestId },
  }));
}

/**
 * Answers an error in AWS's Query protocol.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 */
export function sendStsError(exchange: Exchange, { status, code, message }: StsError): void {
  send(exchange, status, 'ErrorResponse', (requestId) => ({
    Error: { Type: 'Sender', Code: code, Message: message },
    RequestId: requestId,
  }));
}

function send(
  { response }: Exchange,
  status: number,
  root: string,
  content: (requestId: string) => XmlContent,
): void {
  const requestId = randomUUID();
  response.writeHead(status, {
    'Content-Type': 'text/xml',
    'Cache-Control': 'no-store',
    'x-amzn-RequestId': requestId,
  });
  response.end(
    `<${root} xmlns="https://sts.amazonaws.com/doc/${STS_VERSION}/">${renderXml(content(requestId))}</${root}>`,
  );
}
