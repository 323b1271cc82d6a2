import type { IncomingMessage } from 'node:http';
import type { EndpointGate } from '../endpoint-gate.ts';
import { type Handler, readForm } from '../exchange.ts';
import type { AccessKeys, Principal } from './access-keys.ts';
import type { AssumeRole } from './assume-role.ts';
import { authenticate } from './authenticate.ts';
import { STS_VERSION, sendResult, sendStsError } from './query-answer.ts';
import { StsError } from './sts-error.ts';
import type { XmlContent } from './xml.ts';

/** What a call to STS asked for, be it granted or not. */
export type AwsRequest = {
  action: 'AssumeRole' | 'GetCallerIdentity';
  roleArn: string | undefined;
  externalId: string | undefined;
};

/**
 * AWS STS, as far as assuming a role and asking who one is go: AWS's Query protocol in the body of a POST, signed
 * with Signature Version 4. Every call is noted in `requests`.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html
 */
export function createSts(options: {
  keys: AccessKeys;
  assumeRole: AssumeRole;
  gate: EndpointGate;
  requests: AwsRequest[];
}): Handler {
  const { keys, assumeRole, gate, requests } = options;

  const answers: Record<AwsRequest['action'], (form: URLSearchParams, caller: Principal) => XmlContent> = {
    AssumeRole: assumeRole.answer,
    GetCallerIdentity: (_form, { arn, userId, account }) => ({ Arn: arn, UserId: userId, Account: account }),
  };

  return async (exchange) => {
    const { bytes, form } = await readForm(exchange);
    try {
      const action = readAction(form);
      requests.push({
        action,
        roleArn: form.get('RoleArn') ?? undefined,
        externalId: form.get('ExternalId') ?? undefined,
      });
      if (!(await gate.admit(`aws.sts.${action}`, exchange))) return;
      const { request, url } = exchange;
      const caller = authenticate(
        { method: request.method ?? '', url, headers: headersOf(request), body: bytes },
        keys,
      );
      sendResult(exchange, action, answers[action](form, caller));
    } catch (error) {
      if (!(error instanceof StsError)) throw error;
      sendStsError(exchange, error);
    }
  };
}

function readAction(form: URLSearchParams): AwsRequest['action'] {
  const action = form.get('Action');
  const version = form.get('Version') ?? 'NO_VERSION_SPECIFIED';
  if (action === null) throw new StsError(400, 'MissingAction', 'Missing Action');
  if ((action === 'AssumeRole' || action === 'GetCallerIdentity') && version === STS_VERSION) return action;
  throw new StsError(400, 'InvalidAction', `Could not find operation ${action} for version ${version}`);
}

function headersOf({ headersDistinct }: IncomingMessage): Map<string, string> {
  return new Map(Object.entries(headersDistinct).map(([name, values = []]) => [name, values.join(',')]));
}
