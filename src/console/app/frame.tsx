import { LanguageSwitch, useTexts } from './language.tsx';

/** The top of every page: whose it is, and in which language. */
export const Masthead = () => (
  <header className="masthead">
    <div className="width">
      <img src="/icon.svg" alt="" width="28" height="28" />
      <span>{useTexts().product}</span>
      <LanguageSwitch />
    </div>
  </header>
);

const restPaths = ['/api/user', '/api/accounts', '/api/subscriptions', '/api/openapi.json'];

/** The foot of every page: where programs find the same session. */
export function Footer({ playground }: { playground: boolean }) {
  const texts = useTexts();
  return (
    <footer className="footer">
      <div className="width">
        {playground ? (
          <p>
            {texts.playground}{' '}
            <a href="/graphql">
              <code>/graphql</code>
            </a>
          </p>
        ) : (
          <p>
            {texts.endpoint} <code>/graphql</code>
          </p>
        )}
        <nav aria-label={texts.restPaths}>
          <span>REST</span>
          <ul>
            {restPaths.map((path) => (
              <li key={path}>
                <a href={path}>
                  <code>{path}</code>
                </a>
              </li>
            ))}
          </ul>
        </nav>
      </div>
    </footer>
  );
}
