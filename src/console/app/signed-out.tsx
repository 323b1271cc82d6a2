import type { FailedSignIn } from './failed-sign-in.ts';
import { FailedSignInBox } from './failed-sign-in-box.tsx';
import { focusOnArrival } from './focus.ts';
import type { Offer } from './gateway-client.ts';
import { useTexts } from './language.tsx';

/** The view for a browser with no session; `notice` says why that is so to somebody who had one. */
export function SignedOut(props: {
  offer: Offer;
  focus: boolean;
  notice?: string | false | undefined;
  failedSignIn?: FailedSignIn | undefined;
}) {
  const { offer, focus, notice, failedSignIn } = props;
  const texts = useTexts();
  return (
    <section className="welcome">
      {notice && <p className="notice">{notice}</p>}
      {failedSignIn && <FailedSignInBox {...failedSignIn} />}
      <h1 tabIndex={-1} ref={focus ? focusOnArrival : null}>
        {texts.title}
      </h1>
      <p className="lead">{texts.lead}</p>
      {offer.signIns.length === 0 ? (
        <p className="empty">{texts.noSignIn}</p>
      ) : (
        <div className="actions">
          {offer.signIns.map(({ provider, href }) => (
            <a key={href} className="button" href={href}>
              {texts.signInWith(provider)}
            </a>
          ))}
        </div>
      )}
    </section>
  );
}
