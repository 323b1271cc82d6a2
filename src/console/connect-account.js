import { connectAws } from './connect-aws.js';
import { stamp } from './parts.js';

/** The sign-ins as links that look like buttons, named by `field` of each: `label` or `provider`. */
export function signInLinks(signIns, field, className) {
  return signIns.map((signIn) => {
    const link = document.createElement('a');
    link.className = className;
    link.href = signIn.href;
    link.textContent = signIn[field];
    return link;
  });
}

/** What a signed-in person can connect further; undefined where the gateway offers nothing. */
export function connectAccount(offer, session, connected) {
  if (offer.signIns.length === 0 && !offer.aws) return undefined;
  const { fragment, slots } = stamp('connect');
  slots.signIns.append(...signInLinks(offer.signIns, 'provider', 'button secondary'));
  slots.signIns.hidden = offer.signIns.length === 0;
  if (offer.aws) slots.aws.append(connectAws(session, connected));
  return fragment;
}
