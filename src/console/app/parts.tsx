import type { ReactNode } from 'react';
import type { Failure } from './failures.ts';
import { useTexts } from './language.tsx';

/** That something is on its way, for people who see the page; `announce` tells the others. */
export const LoadingLine = ({ text }: { text: string }) => <p className="loading">{text}</p>;

/**
 * An explained failure, with what can be done about it. In a language that has words of its own for the code, what
 * the gateway said stands below them: it names the tenant or the role, and the mend.
 */
export function FailureBox({
  failure,
  lead,
  children,
}: {
  failure: Failure;
  lead?: string | false | undefined;
  children?: ReactNode;
}) {
  const texts = useTexts();
  const { message, kind, code, requestId, status } = failure;
  const own = kind ? `${texts.failures[kind]}${status ? ` (HTTP ${status})` : ''}` : texts.codes[code ?? ''];
  return (
    <div className="failure">
      <p>
        {lead && `${lead} `}
        {own ?? <span lang="en">{message}</span>}
      </p>
      {own && message && (
        <p className="detail" lang="en">
          {message}
        </p>
      )}
      {requestId && (
        <p className="request">
          {texts.requestId} <code>{requestId}</code>
        </p>
      )}
      {children && <div className="actions">{children}</div>}
    </div>
  );
}

/** A list of facts as terms and values. */
export const Facts = ({ facts, id }: { facts: [label: string, value: string][]; id?: string }) => (
  <dl className="facts" id={id}>
    {facts.map(([label, value]) => (
      <div key={label}>
        <dt>{label}</dt>
        <dd>
          <Breakable text={value} />
        </dd>
      </div>
    ))}
  </dl>
);

/** The text with places where a line may break: a long ARN is cut after its colons and slashes. */
const Breakable = ({ text }: { text: string }) =>
  text.split(/(?<=[:/])/).map((piece, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never change their order
    <span key={index}>
      {piece}
      <wbr />
    </span>
  ));
