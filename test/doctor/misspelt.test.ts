import { expect, test } from 'vitest';
import { misspeltSettings } from '../../src/doctor/misspelt.ts';

const meant = (name: string, more: Record<string, string> = {}) =>
  misspeltSettings({ [name]: 'set', ...more }).map(({ meant }) => meant);

test.each([
  ['AZURE_CLIENTID', 'AZURE_CLIENT_ID'],
  ['AZURE_CLEINT_ID', 'AZURE_CLIENT_ID'],
  ['CORS_ORIGIN', 'CORS_ORIGINS'],
  ['FRONTEND_URl', 'FRONTEND_URL'],
  ['FRONT_END_URL', 'FRONTEND_URL'],
  ['SESSION_SECRETS', 'SESSION_SECRET'],
  ['GOOGLE_CLIENT_SECERT', 'GOOGLE_CLIENT_SECRET'],
  ['port', 'PORT'],
])('%s looks like %s', (given, name) => {
  expect(meant(given)).toEqual([name]);
});

test.each([
  'SORT',
  'PORTS',
  'HOSTS',
  'HOSTNAME',
  'SESSION_MANAGER',
  'AWS_ENDPOINT_URL_SQS',
  'AWS_PROFILE',
  'OTEL_TRACES_EXPORTER',
  'NODE_ENVS',
  'PATH',
])('%s is nobody’s mistake', (name) => {
  expect(meant(name)).toEqual([]);
});

test('one whose right name is set too does no harm, nor does an empty one', () => {
  expect(meant('CORS_ORIGIN', { CORS_ORIGINS: 'http://localhost:5173' })).toEqual([]);
  expect(misspeltSettings({ CORS_ORIGIN: '' })).toEqual([]);
});
