import { type FormEvent, useEffect, useRef, useState } from 'react';
import { ConsoleConnectAwsDocument } from '../generated/graphql.ts';
import { type Failure, failureOf } from './failures.ts';
import { readAwsTrust } from './gateway-client.ts';
import { useTexts } from './language.tsx';
import { FailureBox, LoadingLine } from './parts.tsx';
import { useReading } from './reading.ts';
import { useSession } from './session.ts';
import { TrustPolicy } from './trust-policy.tsx';

/** Connecting an AWS role: what its trust policy has to say, and a field for its ARN. */
export function ConnectAws({ onConnected }: { onConnected(accountId: string): void }) {
  const texts = useTexts();
  const [isOpen, setOpen] = useState(false);
  return (
    <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        {texts.providers.aws} <span className="hint">{texts.withRole}</span>
      </summary>
      <div className="connect-aws">
        <Trust isWanted={isOpen} />
        <RoleForm
          onConnected={(id) => {
            setOpen(false);
            onConnected(id);
          }}
        />
      </div>
    </details>
  );
}

/** Asked for when somebody wants to see it; a failure is asked again by its button. */
function Trust({ isWanted }: { isWanted: boolean }) {
  const texts = useTexts();
  const { hasEnded } = useSession();
  const [wasWanted, setWasWanted] = useState(false);
  if (isWanted && !wasWanted) setWasWanted(true);
  const trust = useReading(readAwsTrust, wasWanted);
  const failure = trust.state === 'failed' ? trust.failure : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once a failure
  useEffect(() => {
    if (failure) void hasEnded(failure).catch(() => {});
  }, [failure]);

  switch (trust.state) {
    case 'reading':
      return <LoadingLine text={texts.readingTrust} />;
    case 'read':
      return <TrustPolicy trust={trust.value} />;
    case 'failed':
      return (
        <FailureBox failure={trust.failure}>
          <button type="button" className="button secondary" onClick={trust.again}>
            {texts.tryAgain}
          </button>
        </FailureBox>
      );
  }
}

function RoleForm({ onConnected }: { onConnected(accountId: string): void }) {
  const texts = useTexts();
  const { client, readAgain, hasEnded } = useSession();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  /** The role is connected, and only the page does not know it yet. */
  const [isConnected, setConnected] = useState(false);
  const role = useRef<HTMLInputElement>(null);

  async function connect(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (isBusy || !role.current) return;
    setFailure(undefined);
    setConnected(false);
    setBusy(true);
    try {
      const variables = { roleArn: role.current.value.trim() };
      const { data } = await client.mutate({ mutation: ConsoleConnectAwsDocument, variables });
      setConnected(data !== undefined);
      if (!data || !(await readAgain())) return;
      setBusy(false);
      role.current.value = '';
      onConnected(data.connectAwsAccount.account.id);
    } catch (error) {
      const reason = failureOf(error);
      if (await hasEnded(reason).catch(() => false)) return;
      setBusy(false);
      setFailure(reason);
      role.current?.focus();
    }
  }

  return (
    <form className="role-form" onSubmit={connect}>
      <label htmlFor="role-arn">{texts.roleArn}</label>
      <div className="field">
        <input
          id="role-arn"
          ref={role}
          type="text"
          required
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          placeholder="arn:aws:iam::…:role/…"
          aria-describedby="role-problem"
          aria-invalid={failure ? true : undefined}
        />
        <button type="submit" className="button" disabled={isBusy}>
          {texts.connectRole}
        </button>
      </div>
      <div role="status">{isBusy && <LoadingLine text={texts.connectingRole} />}</div>
      <div id="role-problem" role="alert">
        {failure && <FailureBox failure={failure} lead={isConnected && texts.connectedUnread} />}
      </div>
    </form>
  );
}
