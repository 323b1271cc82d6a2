/** An Azure subscription as Azure Resource Manager lists it. */
export type SandboxSubscription = { id: string; displayName: string; state?: string };

/** How a tenant answers when its subscriptions are listed: 403, 429 with Retry-After, or after five seconds. */
export type ListingBehaviour = 'denied' | 'throttled' | 'slow';

/** A pretend Microsoft Entra tenant and what Azure Resource Manager holds for it. */
export type SandboxTenant = {
  id: string;
  subscriptions: SandboxSubscription[];
  listing?: ListingBehaviour;
};

/** Somebody who can sign in to Azure by pressing a button. */
export type Person = {
  /** What the button sends: `<button name="persona" value="john">`. */
  id: string;
  /** Absent: the ID token has no name claim. */
  name?: string;
  email: string;
  /** One line on the sign-in page: why one would choose this person. */
  description: string;
  tenantId: string;
};

/** Somebody who can sign in with Google by pressing a button. */
export type GooglePerson = {
  /** What the button sends; the ID token's `sub` is made from it. */
  id: string;
  /** Absent: the ID token has no name claims. */
  name?: string;
  /** Absent: the ID token has no e-mail claims, as of somebody who takes that scope away. */
  email?: string;
  /** One line on the sign-in page: why one would choose this person. */
  description: string;
  /** Signs in, but gives no consent to offline access: the app never gets a refresh token. */
  deniesOffline?: boolean;
};

const TENANTS = {
  john: '12345678-1234-1234-1234-123456789012',
  many: '22222222-2222-4222-8222-222222222222',
  denied: '33333333-3333-4333-8333-333333333333',
  throttled: '44444444-4444-4444-8444-444444444444',
  slow: '55555555-5555-4555-8555-555555555555',
  nameless: '66666666-6666-4666-8666-666666666666',
};

/** The Azure people of a new sandbox (contract, section 7), each with a tenant of their own. */
export const PEOPLE: readonly Person[] = [
  {
    id: 'john',
    name: 'John Doe',
    email: 'john.doe@example.com',
    description: 'Two subscriptions, the example of the documentation',
    tenantId: TENANTS.john,
  },
  {
    id: 'many',
    name: 'Maria Many',
    email: 'maria.many@example.com',
    description: '120 subscriptions on three pages',
    tenantId: TENANTS.many,
  },
  {
    id: 'denied',
    name: 'Dennis Denied',
    email: 'dennis.denied@example.org',
    description: 'Azure answers 403: the app may not list this tenant',
    tenantId: TENANTS.denied,
  },
  {
    id: 'throttled',
    name: 'Thora Throttled',
    email: 'thora.throttled@example.org',
    description: 'Azure answers 429: too many requests, try again in 372 seconds',
    tenantId: TENANTS.throttled,
  },
  {
    id: 'slow',
    name: 'Sława Slow',
    email: 'slawa.slow@example.org',
    description: 'Azure takes five seconds to list two subscriptions',
    tenantId: TENANTS.slow,
  },
  {
    id: 'nameless',
    email: 'nameless@example.com',
    description: 'The identity provider sends no name; one subscription',
    tenantId: TENANTS.nameless,
  },
];

/** The tenants of a new sandbox. */
export const SANDBOX_TENANTS: readonly SandboxTenant[] = [
  {
    id: TENANTS.john,
    // The documentation's own, letters beyond `f` and all: nothing may take a subscription's id for a UUID.
    subscriptions: [
      { id: 'abcd1234-5678-90ab-cdef-1234567890ab', displayName: subscription('Production') },
      { id: 'efgh5678-90ab-cdef-1234-567890abcdef', displayName: subscription('Development') },
    ],
  },
  {
    id: TENANTS.many,
    subscriptions: numbered(
      '22222222',
      Array.from({ length: 120 }, (_, i) => team(i + 1)),
    ),
  },
  { id: TENANTS.denied, subscriptions: [], listing: 'denied' },
  { id: TENANTS.throttled, subscriptions: [], listing: 'throttled' },
  {
    id: TENANTS.slow,
    subscriptions: numbered('55555555', ['Slow', 'Slower'].map(subscription)),
    listing: 'slow',
  },
  { id: TENANTS.nameless, subscriptions: numbered('66666666', [subscription('Nameless')]) },
];

/** The Google people of a new sandbox. Two have one e-mail address: two accounts to Google, one to the gateway. */
export const GOOGLE_PEOPLE: readonly GooglePerson[] = [
  {
    id: 'john',
    name: 'John Doe',
    email: 'john.doe@example.com',
    description: 'The example of the documentation',
  },
  {
    id: 'johnny',
    name: 'Johnny Doe',
    email: 'john.doe@example.com',
    description: "Another Google account with John's e-mail address",
  },
  {
    id: 'jane',
    name: 'Jane Roe',
    email: 'jane.roe@example.org',
    description: 'A second account, beside that of John',
  },
  {
    id: 'noconsent',
    name: 'Nora NoConsent',
    email: 'nora.noconsent@example.com',
    description: 'Never consents to offline access: no refresh token',
    deniesOffline: true,
  },
  { id: 'noemail', name: 'Noel NoEmail', description: 'Google sends no e-mail address' },
  { id: 'nameless', email: 'nameless@example.com', description: 'Google sends no name' },
];

function subscription(name: string): string {
  return `${name} Subscription`;
}

function team(number: number): string {
  return `Team ${String(number).padStart(3, '0')}`;
}

/** Ids that are the same at every start and can be read: the tenant's digits, then the place in the list. */
function numbered(prefix: string, displayNames: string[]): SandboxSubscription[] {
  return displayNames.map((displayName, index) => ({
    id: `${prefix}-0000-4000-8000-${String(index + 1).padStart(12, '0')}`,
    displayName,
  }));
}
