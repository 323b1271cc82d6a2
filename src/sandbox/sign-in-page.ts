/** Somebody to choose on the sign-in page; `id` is what the button sends. */
export type Choice = { id: string; name?: string; email?: string; description: string };

/** The choice of a person: plain HTML, one submit button each, no script, posted back to `action`. */
export function renderSignInPage(options: {
  heading: string;
  action: string;
  people: readonly Choice[];
}): string {
  return page(
    'Sign in',
    `<h1>${escapeHtml(options.heading)}</h1>
<p class="notice"><strong>This is a sandbox.</strong> The people are pretend, there is no password, and nothing
leaves this machine.</p>
<form method="post" action="${escapeHtml(options.action)}">
${options.people.map(personButton).join('\n')}
<button class="cancel" name="cancel" value="1">Cancel</button>
</form>`,
  );
}

/** Where a sign-in ends that must not be sent back to its caller, such as one with an unknown client. */
export function renderErrorPage(reason: string): string {
  return page('Sign-in refused', `<h1>Sign-in refused</h1>\n<p>${escapeHtml(reason)}</p>`);
}

/** The style sheet of both pages, served at `/style.css`; light or dark as the browser asks. */
export const PAGE_STYLE = `:root { color-scheme: light dark; --edge: light-dark(#c8ccd4, #454b57); --soft: light-dark(#5a6270, #a5adba); }
* { box-sizing: border-box; }
body { margin: 0; padding: 2rem 1rem; font: 16px/1.5 system-ui, sans-serif;
  color: light-dark(#1b1f27, #e8eaee); background: light-dark(#f3f4f7, #15181e); }
main { max-width: 30rem; margin: 0 auto; padding: 1.5rem; border: 1px solid var(--edge); border-radius: 12px;
  background: light-dark(#fff, #1e222a); }
h1 { margin: 0 0 .75rem; font-size: 1.35rem; }
.notice { margin: 0 0 1.25rem; padding: .6rem .8rem; border-left: 4px solid #d29922; border-radius: 4px;
  background: light-dark(#fff8e1, #33290f); }
form { display: grid; gap: .6rem; }
button { padding: .7rem .9rem; border: 1px solid var(--edge); border-radius: 8px; font: inherit; text-align: left;
  color: inherit; background: transparent; cursor: pointer; }
button:hover, button:focus-visible { border-color: #2f6feb; outline: 2px solid #2f6feb; outline-offset: -1px; }
button strong, button span { display: block; }
button span { color: var(--soft); font-size: .875rem; }
.cancel { text-align: center; }
`;

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Makes text safe inside an element or a double-quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

function personButton({ id, name, email, description }: Choice): string {
  return `<button name="persona" value="${escapeHtml(id)}"><strong>${escapeHtml(name ?? 'No name')}</strong>
<span>${escapeHtml(email ?? 'No e-mail address')}</span><span>${escapeHtml(description)}</span></button>`;
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Sandbox</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}
