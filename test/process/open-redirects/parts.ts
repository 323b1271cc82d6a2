/** What open redirects are put together from: words and letters that somebody on the way may read as others. */
export const schemes = [
  'http',
  'https',
  'HtTpS',
  'ftp',
  'file',
  'ws',
  'javascript',
  'JavaScript',
  'data',
  'vbscript',
  'blob',
  'about',
  'mailto',
  'intent',
  'x',
];

/** All strings of slashes and backslashes of a length. */
export const slashes = (length: number): string[] =>
  length === 0 ? [''] : slashes(length - 1).flatMap((rest) => [`/${rest}`, `\\${rest}`]);

const codePoints = (...ranges: [from: number, to: number][]): string[] =>
  ranges.flatMap(([from, to]) =>
    Array.from({ length: to - from + 1 }, (_, at) => String.fromCodePoint(from + at)),
  );

export const controls = codePoints(
  [0x00, 0x00],
  [0x07, 0x0e],
  [0x1b, 0x1b],
  [0x7f, 0x80],
  [0x85, 0x85],
  [0x9f, 0x9f],
);
export const spaces = [
  ' ',
  '+',
  '\u00a0',
  '\u00ad',
  '\u1680',
  '\u180e',
  ...codePoints([0x2000, 0x200d]),
  '\u2028',
  '\u2029',
  '\u202f',
  '\u205f',
  '\u2060',
  '\u3000',
  '\ufeff',
];
export const slashLike = [
  '\u2044',
  '\u2215',
  '\u2216',
  '\u2571',
  '\u2572',
  '\u29f5',
  '\u29f8',
  '\u3033',
  '\ufe68',
  '\uff0f',
  '\uff3c',
  '\u2afd',
];
export const dotLike = ['\u2024', '\u2025', '\u3002', '\uff0e', '\uff61', '\u00b7'];
export const directions = [
  '\u061c',
  '\u200e',
  '\u200f',
  '\u202a',
  '\u202b',
  '\u202d',
  '\u202e',
  '\u2066',
  '\u2067',
];
export const slashCodes = [
  '%2f',
  '%5c',
  '%252f',
  '%255c',
  '%25252f',
  '%25%32%66',
  '%%32%66',
  '%2%66',
  '%c0%af',
  '%25c0%25af',
  '%e0%80%af',
  '%f0%80%80%af',
  '%c1%9c',
  '%u002f',
  '%uff0f',
  '%ef%bc%8f',
  '%26%2347;',
  '\\u002f',
  '\\x2f',
];
export const dots = [
  '..',
  '%2e%2e',
  '.%2e',
  '%2E.',
  '%252e%252e',
  '.%252e',
  '%25252e%25252e',
  '%c0%ae%c0%ae',
  '%25c0%25ae%25c0%25ae',
  '%ef%bc%8e%ef%bc%8e',
  '%u002e%u002e',
  '..;',
  '..;a=b',
  '..%3b',
  '..%253b',
  '.%00.',
  '..%00',
  '.%09.',
  '..%20',
  '...',
  '.',
];
