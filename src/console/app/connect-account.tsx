import { ConnectAws } from './connect-aws.tsx';
import { useTexts } from './language.tsx';
import { useSession } from './session.ts';

/** What a signed-in person can connect further; nothing where the gateway offers nothing. */
export function ConnectAccount({ onConnected }: { onConnected(accountId: string): void }) {
  const texts = useTexts();
  const { signIns, aws } = useSession().offer;
  if (signIns.length === 0 && !aws) return null;
  return (
    <section className="connect" aria-labelledby="connect-heading">
      <h2 id="connect-heading">{texts.connectAnother}</h2>
      <div className="connect-box">
        {signIns.length > 0 && (
          <div className="actions">
            <span className="hint">{texts.signInWithOne}</span>
            {signIns.map(({ provider, href }) => (
              <a key={href} className="button secondary" href={href}>
                {provider}
              </a>
            ))}
          </div>
        )}
        {aws && <ConnectAws onConnected={onConnected} />}
      </div>
    </section>
  );
}
