import type { AwsAccount } from './clouds/aws/account.ts';
import type { AwsRoles } from './clouds/aws/roles.ts';
import { type CloudAccount, findAccount, withAccount, withoutAccount } from './clouds/clouds.ts';
import { changeAccounts } from './clouds/session-accounts.ts';
import { type ErrorCode, GatewayError } from './errors.ts';
import type { BrowserSession } from './session/browser-session.ts';
import { isSignedIn, sessionWithoutSignIn } from './session/session-data.ts';

/** The part of the session that a viewer needs, so that a test can be without a browser. */
export type ViewerSession = Pick<BrowserSession, 'data' | 'expiresAt' | 'start' | 'update' | 'end'>;

/** What the trust policy of a role has to name, so that this user can connect it. */
export type AwsTrust = { awsAccountId: string; externalId: string };

/** How a signed-in person changes their connected accounts, beside signing in. */
export type Connections = {
  /** @throws GatewayError UNAUTHENTICATED, or NOT_FOUND where AWS is not configured */
  awsTrust(): AwsTrust;
  /**
   * Connects an IAM role once AWS has confirmed it; in the place of the same role where there is one.
   *
   * @throws GatewayError UNAUTHENTICATED, NOT_FOUND, RATE_LIMITED, BAD_REQUEST or one of the AWS_* codes
   */
  connectAwsAccount(roleArn: string): Promise<AwsAccount>;
  /**
   * Takes an account out of the session.
   *
   * @throws GatewayError UNAUTHENTICATED, or ACCOUNT_NOT_FOUND for an id that is not this session's
   */
  disconnectAccount(id: string): Promise<void>;
};

/** Each role is three calls to AWS; an operation of a thousand aliases must not become three thousand of them. */
const mostRolesPerRequest = 10;

/**
 * The changes that the session of one browser allows. Nothing is changed before AWS has said yes; `gone` ends when
 * nobody waits for that any more. `limitAwsConnects` rejects when AWS is not to be asked for one more role.
 */
export function createConnections(options: {
  session: ViewerSession;
  aws: AwsRoles | undefined;
  gone?: (() => AbortSignal) | undefined;
  limitAwsConnects?: (() => Promise<void>) | undefined;
}): Connections {
  const { session, aws, gone, limitAwsConnects } = options;
  let rolesAskedFor = 0;
  const roles = () => aws ?? fail('NOT_FOUND', awsIsNotConfigured);

  function awsTrust(): AwsTrust {
    const { awsAccountId, openToAnybody, externalIdOf } = roles();
    if (!isSignedIn(session.data()) && !openToAnybody) fail('UNAUTHENTICATED', signInFirst);
    const externalId = externalIdOf(session.data().user ?? {}) ?? fail('UNAUTHENTICATED', unknownUser);
    return { awsAccountId, externalId };
  }

  /** Starting a session where one was ended meanwhile would undo that. */
  async function change(change: (accounts: readonly CloudAccount[]) => CloudAccount[]): Promise<void> {
    const changed = await session.update((data) => changeAccounts(data, change));
    if (!changed) fail('UNAUTHENTICATED', 'You were signed out meanwhile; sign in again');
  }

  return {
    awsTrust,

    async connectAwsAccount(roleArn) {
      const { externalId } = awsTrust();
      rolesAskedFor += 1;
      if (rolesAskedFor > mostRolesPerRequest) fail('BAD_REQUEST', tooManyRoles);
      await limitAwsConnects?.();
      const account = await roles().verified(roleArn, externalId, gone?.());
      if (isSignedIn(session.data())) await change((accounts) => withAccount(accounts, account));
      else await session.start(sessionWithoutSignIn(withAccount(session.data().accounts ?? [], account)));
      return account;
    },

    async disconnectAccount(id) {
      if (!isSignedIn(session.data())) fail('UNAUTHENTICATED', signInFirst);
      await change((accounts) =>
        findAccount(accounts, id) ? withoutAccount(accounts, id) : fail('ACCOUNT_NOT_FOUND', notConnected),
      );
    },
  };
}

function fail(code: ErrorCode, message: string): never {
  throw new GatewayError(code, message);
}

const signInFirst = 'Nobody is signed in; sign in first';
const unknownUser = 'This session does not say for certain who you are; sign out and sign in again';
const tooManyRoles = `One request connects at most ${mostRolesPerRequest} roles`;
const notConnected = 'No account with this id is connected to your session';
const awsIsNotConfigured =
  'AWS is not configured on this gateway; its operator offers it by setting AWS_ACCOUNT_ID';
