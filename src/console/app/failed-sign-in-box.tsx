import type { FailedSignIn } from './failed-sign-in.ts';
import { useTexts } from './language.tsx';
import { FailureBox } from './parts.tsx';

/** Why a sign-in failed, above the buttons that start another. */
export function FailedSignInBox({ failure, frontEnd }: FailedSignIn) {
  const texts = useTexts();
  return (
    <div role="alert" className="failed-sign-in">
      <FailureBox failure={failure} lead={`${texts.signInFailed}.`}>
        {frontEnd && (
          <a className="button secondary" href={frontEnd}>
            {texts.backTo(new URL(frontEnd).host)}
          </a>
        )}
      </FailureBox>
    </div>
  );
}
