import { fillFacts, stamp } from './parts.js';

/** What a role's trust policy has to name, and a policy that does, to be copied. */
export function trustPolicyView({ awsAccountId, externalId }) {
  const policy = JSON.stringify(trustPolicy(awsAccountId, externalId), null, 2);
  const { fragment, slots } = stamp('trust-policy', { policy });
  fillFacts(slots.facts, [
    ['AWS account ID', awsAccountId],
    ['External ID', externalId],
  ]);
  slots.copy.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(policy);
      slots.copied.textContent = 'Copied.';
    } catch {
      // Over plain http a page may not write to the clipboard.
      getSelection().selectAllChildren(slots.policy);
      slots.copied.textContent = 'Selected; copy it with your keyboard.';
    }
  });
  return fragment;
}

/**
 * The account as its bare id is right in every partition of AWS
 * (docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
 */
function trustPolicy(awsAccountId, externalId) {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: awsAccountId },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': externalId } },
      },
    ],
  };
}
