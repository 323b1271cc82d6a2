/** The pieces that all views are made of. Data reaches the page through `textContent` only. */

const announcer = document.getElementById('announcer');

/** Says something to those who hear the page rather than see it. */
export function announce(text) {
  announcer.textContent = text;
}

/** A copy of the template, and its `data-slot` elements by name; `texts` fills slots, null empties one. */
export function stamp(templateId, texts = {}) {
  const fragment = document.getElementById(templateId).content.cloneNode(true);
  const slots = {};
  for (const element of fragment.querySelectorAll('[data-slot]')) slots[element.dataset.slot] = element;
  for (const [name, text] of Object.entries(texts)) slots[name].textContent = text;
  return { fragment, slots };
}

/** That something is on its way, for people who see the page; `announce` tells the others. */
export function loadingLine(text) {
  return stamp('loading', { text }).fragment;
}

/** An explained failure, with a button `label` that calls `again` when there is something to do again. */
export function failureBox(error, label, again) {
  const { fragment, slots } = stamp('failure', {
    message: error.message,
    requestId: error.requestId,
    again: label,
  });
  if (!error.requestId) slots.requestId.parentElement.remove();
  if (again) slots.again.addEventListener('click', again);
  else slots.again.parentElement.remove();
  return fragment;
}

/** A list of facts, `[label, value]` each, as terms and values. */
export function fillFacts(list, facts) {
  list.replaceChildren(
    ...facts.map(([label, value]) => {
      const { fragment, slots } = stamp('fact', { label });
      slots.value.append(...breakable(value));
      return fragment;
    }),
  );
}

/** The text with places where a line may break: a long ARN is cut after its colons and slashes. */
function breakable(text) {
  return text.split(/(?<=[:/])/).flatMap((piece) => [piece, document.createElement('wbr')]);
}
