import { announce, failureBox, fillFacts, stamp } from './parts.js';

/** What each kind of account shows below its name: a label, and the field that holds the value. */
const FACTS = {
  AzureAccount: [['Tenant ID', 'tenantId']],
  GcpAccount: [['E-mail', 'email']],
  AwsAccount: [
    ['Account ID', 'accountId'],
    ['Role ARN', 'roleArn'],
  ],
};

const PROVIDER_LABELS = { azure: 'Microsoft Azure', gcp: 'Google Cloud', aws: 'Amazon Web Services' };

/**
 * One account as a card; `details` is where an Azure account's subscriptions go.
 * `disconnect` is called when that has been confirmed; what it throws is shown in the card.
 */
export function accountCard(account, disconnect) {
  const provider = PROVIDER_LABELS[account.provider] ?? account.provider;
  const title = account.displayName ?? account.email ?? `${provider} account`;
  const { fragment, slots } = stamp('account', { provider, title });
  const facts = (FACTS[account.__typename] ?? []).filter(([, field]) => account[field]);
  fillFacts(
    slots.facts,
    facts.map(([label, field]) => [label, account[field]]),
  );
  const element = fragment.firstElementChild;
  if (account.__typename === 'AzureAccount') element.classList.add('wide');
  else slots.details.remove();
  offerDisconnect(slots, `${provider}, ${title}`, disconnect);
  return { account, element, heading: slots.title, details: slots.details };
}

/** The Disconnect button, which turns into a question before it does anything; `name` says of which account. */
function offerDisconnect({ ask, which, confirm, question, yes, no, facts, problem }, name, disconnect) {
  which.textContent = ` ${name}`;
  confirm.ariaLabel = `Disconnect ${name}?`;
  // Two accounts may have one name; what tells them apart is heard as well.
  ask.ariaDescribedByElements = [facts];

  const turn = (isAsking) => {
    question.textContent = 'Disconnect?';
    confirm.disabled = false;
    confirm.hidden = !isAsking;
    ask.hidden = isAsking;
    (isAsking ? no : ask).focus();
  };
  async function confirmed() {
    problem.replaceChildren();
    question.textContent = 'Disconnecting…';
    announce(`Disconnecting ${name}…`);
    confirm.disabled = true;
    try {
      await disconnect();
    } catch (error) {
      announce('');
      problem.replaceChildren(failureBox(error));
      turn(false);
    }
  }

  ask.addEventListener('click', () => turn(true));
  no.addEventListener('click', () => turn(false));
  yes.addEventListener('click', ({ detail: clicks }) => {
    // It has appeared under the pointer: the second half of a double click is no answer.
    if (clicks < 2) confirmed();
  });
  confirm.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') turn(false);
  });
}
