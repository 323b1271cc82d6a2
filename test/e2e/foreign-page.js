/**
 * What every page of the foreign site has loaded: the ways in which a page makes its browser call another server,
 * each of which tells all that a script can find out about the answer.
 */

/** Runs `attempt`, and tells what came of it, or which error. */
async function told(attempt) {
  try {
    return String(await attempt());
  } catch (error) {
    return String(error);
  }
}

/** An element that loads something; what its document, its style rules or its pixels give away. */
async function embed(tag, attributes) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  const event = await new Promise((resolve) => {
    for (const type of ['load', 'error']) element.addEventListener(type, () => resolve(type));
    document.body.append(element);
    setTimeout(resolve, 5_000, 'neither');
  });
  return [
    event,
    await told(() => element.contentDocument.documentElement.outerHTML),
    await told(() => element.contentWindow.document.documentElement.outerHTML),
    await told(() => [...element.sheet.cssRules].map((rule) => rule.cssText)),
    await told(() => pixels(element)),
  ];
}

function pixels(image) {
  const canvas = document.createElement('canvas');
  canvas.getContext('2d').drawImage(image, 0, 0);
  return `${image.naturalWidth} ${canvas.toDataURL()}`;
}

/** An image that only a style sheet names. */
function paint(url) {
  document.body.style.background = `url(${url})`;
}

function refresh(url) {
  const meta = document.createElement('meta');
  Object.assign(meta, { httpEquiv: 'refresh', content: `0;url=${url}` });
  document.head.append(meta);
}

function click(attributes) {
  const link = document.createElement('a');
  for (const [name, value] of Object.entries(attributes)) link.setAttribute(name, value);
  document.body.append(link);
  link.click();
}

/** Submits a form of these fields; without a `target` the page goes where the form goes. */
function submit(attributes, fields = {}) {
  const form = document.createElement('form');
  for (const [name, value] of Object.entries(attributes)) form.setAttribute(name, value);
  for (const [name, value] of Object.entries(fields)) {
    const input = document.createElement('input');
    Object.assign(input, { type: 'hidden', name, value });
    form.append(input);
  }
  document.body.append(form);
  form.submit();
}

/** A form of one text that is JSON (CWE-352, "JSON CSRF"): what follows the object's last field is its value. */
const textForm = (action) => ({ action, method: 'post', enctype: 'text/plain' });
const textFields = (body) => ({ [`${JSON.stringify(body).slice(0, -1)},"rest":"`]: '"}' });

/** A form whose answer is shown in a frame of the page; what can be read of it there. */
async function submitIntoFrame(attributes, fields) {
  const frame = document.createElement('iframe');
  frame.name = 'answer';
  document.body.append(frame);
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
  submit({ ...attributes, target: 'answer' }, fields);
  await loaded;
  return told(() => frame.contentDocument.documentElement.outerHTML);
}

/** A fetch with the cookies; all that can be read of the answer. */
function call(url, init = {}) {
  return told(async () => {
    const response = await fetch(url, { credentials: 'include', ...init });
    const { type, status } = response;
    return JSON.stringify([type, status, [...response.headers], await response.text()]);
  });
}

/** A POST of JSON, as the gateway's own pages make it. */
const callJson = (url, body, init = {}) =>
  call(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...init,
  });

/** JSON in a request that needs no permission. */
const asText = (type) => ({ mode: 'no-cors', headers: { 'content-type': type } });

const inQuery = (url, fields) => `${url}?${new URLSearchParams(fields)}`;

/** The older way to call, which tells errors apart by other events. */
function callByXhr(method, url, body) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    request.withCredentials = true;
    request.addEventListener('loadend', () => resolve([request.status, request.responseText]));
    request.send(body);
  });
}

/** A WebSocket or an EventSource; the messages that come before it is closed or fails. */
function listen(channel) {
  const messages = [];
  channel.addEventListener('message', ({ data }) => messages.push(data));
  return new Promise((resolve) => {
    channel.addEventListener('error', () => {
      channel.close();
      resolve(messages);
    });
  });
}

/** A window of its own; what its opener can read when it has gone to the other site, or was cut off from it. */
async function openWindow(url) {
  const opened = open(url);
  const isOut = () => {
    try {
      return opened.closed || opened.location.href === undefined;
    } catch {
      return true;
    }
  };
  while (!isOut()) await new Promise((resolve) => setTimeout(resolve, 5));
  return [
    await told(() => opened.document.documentElement.outerHTML),
    await told(() => opened.location.href),
    await told(() => opened.name),
    await told(() => opened.length),
  ];
}

/** A frame without an origin, whose script sends what it comes to back to the page. */
function inSandbox(script, permissions = 'allow-scripts allow-forms') {
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', permissions);
  frame.srcdoc = `<body><script src="/foreign-page.js"></script>
    <script>(async () => ${script})().then((told) => parent.postMessage(told, '*'))</script>`;
  return new Promise((resolve) => {
    addEventListener('message', ({ data }) => resolve(data), { once: true });
    document.body.append(frame);
  });
}

/** What the page holds when all is done, wherever it may have been left. */
const remains = () => [
  document.documentElement.outerHTML,
  document.cookie,
  performance.getEntries().map((entry) => JSON.stringify(entry)),
];

Object.assign(globalThis, {
  told,
  embed,
  paint,
  refresh,
  click,
  submit,
  textForm,
  textFields,
  submitIntoFrame,
  call,
  callJson,
  asText,
  inQuery,
  callByXhr,
  listen,
  openWindow,
  inSandbox,
  remains,
});
