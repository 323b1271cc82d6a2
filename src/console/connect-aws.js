import { failureBox, loadingLine, stamp } from './parts.js';
import { CONSOLE_CONNECT_AWS, read, send } from './session-api.js';
import { trustPolicyView } from './trust-policy.js';

/**
 * Connecting an AWS role: what its trust policy has to say, and a field for its ARN.
 * `connected` is called with the id of the account when it is connected.
 */
export function connectAws(session, connected) {
  const { fragment, slots } = stamp('connect-aws');
  const { disclosure, trust, form, role, submit, status, problem } = slots;

  /** Asked for when somebody wants to see it; a failure is asked again by its button. */
  let asked = false;
  async function showTrust() {
    if (asked) return;
    asked = true;
    trust.replaceChildren(loadingLine('Reading what AWS has to trust…'));
    try {
      trust.replaceChildren(
        trustPolicyView(await read('/api/account/aws/config', { signal: session.signal })),
      );
    } catch (error) {
      asked = false;
      if (await session.hasEnded(error)) return;
      trust.replaceChildren(failureBox(error, 'Try again', showTrust));
    }
  }

  function showBusy(busy) {
    submit.disabled = busy;
    status.replaceChildren(
      busy ? loadingLine('Connecting… The gateway asks AWS whether it may assume this role.') : '',
    );
  }

  async function connect(event) {
    event.preventDefault();
    if (submit.disabled) return;
    problem.replaceChildren();
    role.ariaInvalid = null;
    showBusy(true);
    try {
      const variables = { roleArn: role.value.trim() };
      const { data } = await send(CONSOLE_CONNECT_AWS, { variables, signal: session.signal });
      if (!(await session.readAgain())) return;
      showBusy(false);
      form.reset();
      disclosure.open = false;
      connected(data.connectAwsAccount.account.id);
    } catch (error) {
      if (await session.hasEnded(error)) return;
      showBusy(false);
      problem.replaceChildren(failureBox(error));
      role.ariaInvalid = 'true';
      role.focus();
    }
  }

  disclosure.addEventListener('toggle', () => {
    if (disclosure.open) showTrust();
  });
  form.addEventListener('submit', connect);
  return fragment;
}
