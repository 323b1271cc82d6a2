/**
 * Attempts of a foreign page on the session of whoever looks at it, that are answered alike. Icons, manifests and
 * speculation rules are not among them: Chromium without a window asks for none.
 */
export type Attacks = {
  aim: string;
  /** The one request that comes of it, as the gateway gets and answers it. */
  answer: string;
  /**
   * How the cookie, which is SameSite=Lax, goes along. `embedded`: from the same site only. `shown`: the answer goes
   * into the tab, and so a GET has the cookie from any site. `opened`: the same, in a new window. `withheld`: never.
   */
  cookie: 'embedded' | 'shown' | 'opened' | 'withheld';
  /**
   * What the page runs, with the helpers of `foreign-page.js`, and the answer where it is another one. The words in
   * capitals are filled in by the scene.
   */
  ways: Record<string, string | [run: string, answer: string]>;
};

const signOut: Attacks[] = [
  {
    aim: 'signs out by loading it',
    answer: 'GET /api/logout 403',
    cookie: 'embedded',
    ways: {
      'an image': "embed('img', { src: 'GATEWAY/api/logout' })",
      'an image without a referrer':
        "embed('img', { src: 'GATEWAY/api/logout', referrerpolicy: 'no-referrer' })",
      'an image with CORS': "embed('img', { src: 'GATEWAY/api/logout', crossorigin: 'use-credentials' })",
      'an image that is redirected': "embed('img', { src: '/redirect?to=GATEWAY/api/logout' })",
      'an image of the path in other letters': [
        "embed('img', { src: 'GATEWAY/API/Logout/' })",
        'GET /API/Logout/ 403',
      ],
      'a background': "paint('GATEWAY/api/logout')",
      'a video': "embed('video', { src: 'GATEWAY/api/logout' })",
      'a script': "embed('script', { src: 'GATEWAY/api/logout' })",
      'a style sheet': "embed('link', { rel: 'stylesheet', href: 'GATEWAY/api/logout' })",
      'a frame': "embed('iframe', { src: 'GATEWAY/api/logout' })",
      'a frame without a referrer':
        "embed('iframe', { src: 'GATEWAY/api/logout', referrerpolicy: 'no-referrer' })",
      'an object': "embed('object', { data: 'GATEWAY/api/logout' })",
      'an embed': "embed('embed', { src: 'GATEWAY/api/logout' })",
      'a prefetch': "embed('link', { rel: 'prefetch', href: 'GATEWAY/api/logout' })",
      'a prefetch without a referrer':
        "embed('link', { rel: 'prefetch', href: 'GATEWAY/api/logout', referrerpolicy: 'no-referrer' })",
      'a preload':
        "embed('link', { rel: 'preload', as: 'fetch', href: 'GATEWAY/api/logout', crossorigin: 'use-credentials' })",
      'a fetch': "call('GATEWAY/api/logout')",
      'a fetch without CORS': "call('GATEWAY/api/logout', { mode: 'no-cors' })",
      'a fetch without CORS and referrer':
        "call('GATEWAY/api/logout', { mode: 'no-cors', referrerPolicy: 'no-referrer' })",
      'a HEAD': ["call('GATEWAY/api/logout', { mode: 'no-cors', method: 'HEAD' })", 'HEAD /api/logout 403'],
      'an XMLHttpRequest': "callByXhr('GET', 'GATEWAY/api/logout')",
      'a WebSocket': "listen(new WebSocket('GATEWAY/api/logout'))",
      'an EventSource': "listen(new EventSource('GATEWAY/api/logout', { withCredentials: true }))",
    },
  },
  {
    aim: 'signs out by going there',
    answer: 'GET /api/logout 403',
    cookie: 'shown',
    ways: {
      'a link': "click({ href: 'GATEWAY/api/logout' })",
      'a link without a referrer': "click({ href: 'GATEWAY/api/logout', rel: 'noreferrer' })",
      'its own location': "(location = 'GATEWAY/api/logout')",
      'a redirect': "(location = '/redirect?to=GATEWAY/api/logout')",
      'a refresh': "refresh('GATEWAY/api/logout')",
      'a form': "submit({ action: 'GATEWAY/api/logout' })",
      'a form that posts': [
        "submit({ action: 'GATEWAY/api/logout', method: 'post' })",
        'POST /api/logout 405',
      ],
      'a frame without an origin':
        "inSandbox(\"(top.location = 'GATEWAY/api/logout')\", 'allow-scripts allow-top-navigation')",
    },
  },
  {
    aim: 'signs out without an origin',
    answer: 'GET /api/logout 403',
    cookie: 'withheld',
    ways: {
      'a fetch in a sandboxed frame': "inSandbox(\"call('GATEWAY/api/logout', { mode: 'no-cors' })\")",
      'an image in a sandboxed frame': "inSandbox(\"embed('img', { src: 'GATEWAY/api/logout' })\")",
      'a form in a sandboxed frame': [
        "inSandbox(\"submitIntoFrame({ action: 'GATEWAY/api/logout', method: 'post' })\")",
        'POST /api/logout 405',
      ],
    },
  },
  {
    aim: 'signs out by a POST',
    answer: 'POST /api/logout 405',
    cookie: 'embedded',
    ways: {
      'a form into a frame': "submitIntoFrame({ action: 'GATEWAY/api/logout', method: 'post' })",
      'a fetch without CORS': "call('GATEWAY/api/logout', { mode: 'no-cors', method: 'POST' })",
      'a beacon': "navigator.sendBeacon('GATEWAY/api/logout')",
      'the ping of a link': "click({ href: '#', ping: 'GATEWAY/api/logout' })",
    },
  },
];

const changes: Attacks[] = [
  {
    aim: 'sends mutations in a body that needs no permission',
    answer: 'POST /graphql 415',
    cookie: 'embedded',
    ways: {
      'a form of text into a frame': "submitIntoFrame(textForm('GATEWAY/graphql'), textFields(CHANGES))",
      'a fetch of text': "callJson('GATEWAY/graphql', CHANGES, asText('text/plain'))",
      'a fetch of text with JSON as its parameter':
        "callJson('GATEWAY/graphql', CHANGES, asText('text/plain;application/json'))",
      'a fetch of bytes without a type':
        "call('GATEWAY/graphql', { mode: 'no-cors', method: 'POST', body: new Blob([JSON.stringify(CHANGES)]) })",
      'an XMLHttpRequest': "callByXhr('POST', 'GATEWAY/graphql', JSON.stringify(CHANGES))",
      'a beacon': "navigator.sendBeacon('GATEWAY/graphql', JSON.stringify(CHANGES))",
    },
  },
  {
    aim: 'sends mutations in a form',
    answer: 'POST /graphql 415',
    cookie: 'shown',
    ways: {
      'a form of text': "submit(textForm('GATEWAY/graphql'), textFields(CHANGES))",
      'a form of text that is redirected':
        "submit(textForm('/redirect?status=307&to=GATEWAY/graphql'), textFields(CHANGES))",
      'a form': "submit({ action: 'GATEWAY/graphql', method: 'post' }, CHANGES)",
      'a form in parts':
        "submit({ action: 'GATEWAY/graphql', method: 'post', enctype: 'multipart/form-data' }, CHANGES)",
    },
  },
  {
    aim: 'sends mutations in an address',
    answer: 'GET /graphql 400',
    cookie: 'embedded',
    ways: {
      'an image': "embed('img', { src: inQuery('GATEWAY/graphql', CHANGES) })",
      'a frame': "embed('iframe', { src: inQuery('GATEWAY/graphql', CHANGES) })",
      'a fetch': "call(inQuery('GATEWAY/graphql', CHANGES))",
      'a fetch without CORS': "call(inQuery('GATEWAY/graphql', CHANGES), { mode: 'no-cors' })",
    },
  },
  {
    aim: 'sends mutations by going there',
    answer: 'GET /graphql 400',
    cookie: 'shown',
    ways: {
      'its own location': "(location = inQuery('GATEWAY/graphql', CHANGES))",
      'a form': "submit({ action: 'GATEWAY/graphql' }, CHANGES)",
    },
  },
  {
    aim: 'sends JSON, for which Chromium asks first and gets no permission',
    answer: 'OPTIONS /graphql 204',
    cookie: 'withheld',
    ways: {
      'a fetch of mutations': "callJson('GATEWAY/graphql', CHANGES)",
      'a fetch of mutations that is redirected':
        "callJson('/redirect?status=307&to=GATEWAY/graphql', CHANGES)",
      'a fetch of mutations in the address':
        "call(inQuery('GATEWAY/graphql', CHANGES), { headers: { 'apollo-require-preflight': '1' } })",
      'a beacon of mutations':
        "navigator.sendBeacon('GATEWAY/graphql', new Blob([JSON.stringify(CHANGES)], { type: 'application/json' }))",
      'a fetch that connects a role': [
        "callJson('GATEWAY/api/account/aws/add', { roleArn: 'ROLE' })",
        'OPTIONS /api/account/aws/add 204',
      ],
      'a beacon that connects a role': [
        "navigator.sendBeacon('GATEWAY/api/account/aws/add', new Blob(['{\"roleArn\":\"ROLE\"}'], { type: 'application/json' }))",
        'OPTIONS /api/account/aws/add 204',
      ],
    },
  },
  {
    aim: 'connects a role',
    answer: 'POST /api/account/aws/add 403',
    cookie: 'embedded',
    ways: {
      'a form of text into a frame':
        "submitIntoFrame(textForm('GATEWAY/api/account/aws/add'), textFields({ roleArn: 'ROLE' }))",
      'a fetch of text': "callJson('GATEWAY/api/account/aws/add', { roleArn: 'ROLE' }, asText('text/plain'))",
      'a beacon': 'navigator.sendBeacon(\'GATEWAY/api/account/aws/add\', \'{"roleArn":"ROLE"}\')',
    },
  },
  {
    aim: 'connects a role in a form',
    answer: 'POST /api/account/aws/add 403',
    cookie: 'shown',
    ways: {
      'a form of text': "submit(textForm('GATEWAY/api/account/aws/add'), textFields({ roleArn: 'ROLE' }))",
      'a form of text that is redirected':
        "submit(textForm('/redirect?status=307&to=GATEWAY/api/account/aws/add'), textFields({ roleArn: 'ROLE' }))",
    },
  },
];

export const changingAttacks: Attacks[] = [...signOut, ...changes];
