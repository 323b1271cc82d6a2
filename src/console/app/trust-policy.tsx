import { useRef, useState } from 'react';
import type { AwsTrust } from './gateway-client.ts';
import { useTexts } from './language.tsx';
import { Facts } from './parts.tsx';

/** What a role's trust policy has to name, and a policy that does, to be copied. */
export function TrustPolicy({ trust }: { trust: AwsTrust }) {
  const texts = useTexts();
  const [copied, setCopied] = useState('');
  const shown = useRef<HTMLPreElement>(null);
  const policy = JSON.stringify(trustPolicy(trust), null, 2);

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(policy);
      setCopied(texts.copied);
    } catch {
      // Over plain http a page may not write to the clipboard.
      if (shown.current) getSelection()?.selectAllChildren(shown.current);
      setCopied(texts.selected);
    }
  }

  return (
    <div>
      <p>{texts.trustLead}</p>
      <Facts
        facts={[
          [texts.awsAccountId, trust.awsAccountId],
          [texts.externalId, trust.externalId],
        ]}
      />
      <div className="policy">
        <div className="toolbar">
          <p id="policy-caption" className="count">
            {texts.trustPolicy}
          </p>
          <p className="copied" role="status">
            {copied}
          </p>
          <button type="button" className="button quiet" aria-describedby="policy-caption" onClick={copy}>
            {texts.copy}
          </button>
        </div>
        <pre ref={shown}>{policy}</pre>
      </div>
    </div>
  );
}

/**
 * The account as its bare id is right in every partition of AWS
 * (docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
 */
const trustPolicy = ({ awsAccountId, externalId }: AwsTrust) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: awsAccountId },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'sts:ExternalId': externalId } },
    },
  ],
});
