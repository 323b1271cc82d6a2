import type { Attacks } from './cross-site-attacks.ts';

/** Attempts to put the attacker's account into the person's session. CALLBACK ends a sign-in of the attacker. */
export const linkingAttacks: Attacks[] = [
  {
    aim: 'starts a sign-in out of sight',
    answer: 'GET /api/login/google 403',
    cookie: 'embedded',
    ways: {
      'an image': "embed('img', { src: 'GATEWAY/api/login/google' })",
      'an image without a referrer':
        "embed('img', { src: 'GATEWAY/api/login/google', referrerpolicy: 'no-referrer' })",
      'a frame': "embed('iframe', { src: 'GATEWAY/api/login/google' })",
      'a prefetch': "embed('link', { rel: 'prefetch', href: 'GATEWAY/api/login/google' })",
      'a fetch': "call('GATEWAY/api/login/google')",
      'a fetch without CORS': "call('GATEWAY/api/login/google', { mode: 'no-cors' })",
      'a fetch that stops at redirects': "call('GATEWAY/api/login/google', { redirect: 'manual' })",
      'a form into a frame': "submitIntoFrame({ action: 'GATEWAY/api/login/google' })",
    },
  },
  {
    aim: 'ends a sign-in of its own out of sight',
    answer: 'GET /google/callback 403',
    cookie: 'embedded',
    ways: {
      'an image': "embed('img', { src: 'CALLBACK' })",
      'a frame': "embed('iframe', { src: 'CALLBACK' })",
      'a frame without a referrer': "embed('iframe', { src: 'CALLBACK', referrerpolicy: 'no-referrer' })",
      'a fetch': "call('CALLBACK')",
      'a fetch without CORS': "call('CALLBACK', { mode: 'no-cors' })",
    },
  },
  {
    aim: 'ends a sign-in of its own in the open',
    answer: 'GET /google/callback 400',
    cookie: 'shown',
    ways: {
      'its own location': "(location = 'CALLBACK')",
      'a link without a referrer': "click({ href: 'CALLBACK', rel: 'noreferrer' })",
      'a form that posts': [
        "submit({ action: 'GATEWAY/getAToken', method: 'post' }, { code: 'x', state: 'y' })",
        'POST /getAToken 405',
      ],
      'a form, made up': "submit({ action: 'GATEWAY/google/callback' }, { code: 'x', state: 'y' })",
    },
  },
  {
    // Any page may link to a sign-in; it is the person who goes on, or not.
    aim: 'starts a sign-in in the open, and no more',
    answer: 'GET /api/login/google 302',
    cookie: 'shown',
    ways: {
      'its own location': "(location = 'GATEWAY/api/login/google')",
      'a form': "submit({ action: 'GATEWAY/api/login/google' })",
      'a form that posts': [
        "submit({ action: 'GATEWAY/api/login/google', method: 'post' })",
        'POST /api/login/google 405',
      ],
      'a link that would come back': [
        "click({ href: 'GATEWAY/api/login/google?returnTo=' + encodeURIComponent(location.href) })",
        'GET /api/login/google 400',
      ],
    },
  },
];

/** Attempts to learn who the person is. The gateway answers; the browser keeps the answer from the page. */
export const readingAttacks: Attacks[] = [
  {
    aim: 'reads who is signed in',
    answer: 'GET /api/user 200',
    cookie: 'embedded',
    ways: {
      'a fetch': "call('GATEWAY/api/user')",
      'a fetch without CORS': "call('GATEWAY/api/user', { mode: 'no-cors' })",
      'a fetch that is redirected': "call('/redirect?to=GATEWAY/api/user')",
      'an XMLHttpRequest': "callByXhr('GET', 'GATEWAY/api/user')",
      'a script': "embed('script', { src: 'GATEWAY/api/user' })",
      'a module':
        "embed('script', { src: 'GATEWAY/api/user', type: 'module', crossorigin: 'use-credentials' })",
      'a style sheet': "embed('link', { rel: 'stylesheet', href: 'GATEWAY/api/user' })",
      'an image': "embed('img', { src: 'GATEWAY/api/user' })",
      'a frame': "embed('iframe', { src: 'GATEWAY/api/user' })",
      'an object': "embed('object', { data: 'GATEWAY/api/user', type: 'text/html' })",
      'an EventSource': "listen(new EventSource('GATEWAY/api/user', { withCredentials: true }))",
      'a WebSocket': "listen(new WebSocket('GATEWAY/api/user'))",
    },
  },
  {
    aim: 'reads accounts and tokens',
    answer: 'GET /api/accounts 200',
    cookie: 'embedded',
    ways: {
      'a fetch': "call('GATEWAY/api/accounts')",
      'a fetch without CORS': "call('GATEWAY/api/accounts', { mode: 'no-cors' })",
      'a script': "embed('script', { src: 'GATEWAY/api/accounts' })",
      'a frame': "embed('iframe', { src: 'GATEWAY/api/accounts' })",
      'a form into a frame': "submitIntoFrame({ action: 'GATEWAY/api/accounts' })",
      subscriptions: ["call('GATEWAY/api/subscriptions')", 'GET /api/subscriptions 200'],
    },
  },
  {
    aim: 'asks GraphQL',
    answer: 'GET /graphql 400',
    cookie: 'embedded',
    ways: {
      'a fetch': "call(inQuery('GATEWAY/graphql', QUESTION))",
      'a script': "embed('script', { src: inQuery('GATEWAY/graphql', QUESTION) })",
      'a frame': "embed('iframe', { src: inQuery('GATEWAY/graphql', QUESTION) })",
      'a form of text into a frame': [
        "submitIntoFrame(textForm('GATEWAY/graphql'), textFields(QUESTION))",
        'POST /graphql 415',
      ],
    },
  },
  {
    aim: 'asks GraphQL in JSON, for which Chromium asks first and gets no permission',
    answer: 'OPTIONS /graphql 204',
    cookie: 'withheld',
    ways: { 'a fetch': "callJson('GATEWAY/graphql', QUESTION)" },
  },
];

/** Attempts in a window, which the page that has opened it may hold on to. */
export const windowAttacks: Attacks[] = [
  {
    aim: 'opens a window',
    answer: 'GET /api/logout 403',
    cookie: 'opened',
    ways: {
      'that signs out': "openWindow('GATEWAY/api/logout')",
      'that signs out without a referrer': "open('GATEWAY/api/logout', '', 'noreferrer')",
      'that signs out without an origin':
        "inSandbox(\"told(() => open('GATEWAY/api/logout'))\", 'allow-scripts allow-popups')",
      'that sends mutations': ["openWindow(inQuery('GATEWAY/graphql', CHANGES))", 'GET /graphql 400'],
      'that starts a sign-in, and no more': [
        "openWindow('GATEWAY/api/login/google')",
        'GET /api/login/google 302',
      ],
      'that ends a sign-in of its own': ["openWindow('CALLBACK')", 'GET /google/callback 400'],
      'to look at the name in it': ["openWindow('GATEWAY/api/user')", 'GET /api/user 200'],
      'to look at tokens in it': ["openWindow('GATEWAY/api/accounts')", 'GET /api/accounts 200'],
      'to look at the external id in it': [
        "openWindow('GATEWAY/api/account/aws/config')",
        'GET /api/account/aws/config 200',
      ],
      'to look at an answer of GraphQL in it': [
        "openWindow(inQuery('GATEWAY/graphql', QUESTION))",
        'GET /graphql 400',
      ],
    },
  },
];
