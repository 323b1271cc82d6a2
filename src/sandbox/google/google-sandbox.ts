import { randomBytes } from 'node:crypto';
import type { EndpointGate } from '../endpoint-gate.ts';
import type { Handler } from '../exchange.ts';
import { GOOGLE_PEOPLE, type GooglePerson } from '../people.ts';
import type { SigningKey } from '../signing-key.ts';
import { createGoogleProvider } from './google-provider.ts';
import { createIdentityEndpoints } from './identity-endpoints.ts';
import { createSignIn } from './sign-in.ts';

/** The environment variables that point a gateway at the pretend Google (contract, section 4). */
export type GoogleEnvironment = Record<'GOOGLE_CLIENT_ID' | 'GOOGLE_CLIENT_SECRET' | 'GOOGLE_ISSUER', string>;

/** The pretend Google without its servers: one handler for each. */
export type GoogleSandbox = {
  env: GoogleEnvironment;
  signIn: Handler;
  identity: Handler;
  /** Throws for an id that is taken: a mistake of a test. */
  addPerson(person: GooglePerson): void;
};

/** The origins at which the two handlers are served; the sign-in is the one on plain http. */
export type GoogleOrigins = { signIn: string; identity: string };

/** Google's accounts and its identity provider, with the table of `people.ts` filled in. */
export function createGoogleSandbox(options: {
  origins: GoogleOrigins;
  signingKey: SigningKey;
  gate: EndpointGate;
}): GoogleSandbox {
  const { origins, signingKey, gate } = options;
  const app = {
    clientId: '987654321098-sandbox.apps.googleusercontent.com',
    clientSecret: `GOCSPX-${randomBytes(21).toString('base64url')}`,
  };
  const people = new Map(GOOGLE_PEOPLE.map((person) => [person.id, person]));
  const provider = createGoogleProvider({
    issuer: origins.identity,
    app,
    signingKey,
    findPerson: (id) => people.get(id),
  });

  return {
    env: {
      GOOGLE_CLIENT_ID: app.clientId,
      GOOGLE_CLIENT_SECRET: app.clientSecret,
      GOOGLE_ISSUER: origins.identity,
    },
    signIn: createSignIn({ provider, people: () => [...people.values()], clientId: app.clientId, gate }),
    identity: createIdentityEndpoints({ provider, signingKey, origins, gate }),
    addPerson(person) {
      if (people.has(person.id)) throw new Error(`The sandbox has a Google person ${person.id} already`);
      people.set(person.id, person);
    },
  };
}
