import { GraphiQL } from 'graphiql';
import { useEffect, useState } from 'react';
import { EditorAccess } from './editor-access.tsx';
import { examples } from './examples.ts';
import { createFetcher } from './fetcher.ts';
import { ForgetAnswers } from './forget-answers.tsx';
import { createSession } from './session.ts';
import { SessionBar } from './session-bar.tsx';
import { createTabStorage } from './tab-storage.ts';

const session = createSession();
const storage = createTabStorage(browserStorage());

/** The whole page: who is signed in, and below it GraphiQL on the endpoint that served the page. */
export function Playground() {
  const [schemaFault, setSchemaFault] = useState<string>();
  const [fetcher] = useState(() => createFetcher({ session, onSchema: setSchemaFault }));
  useEffect(refreshOnReturn, []);

  return (
    <>
      <SessionBar session={session} />
      {schemaFault !== undefined && (
        <p className="notice" role="status">
          No completion and no documentation here: the gateway does not show its schema. Operations run all
          the same. It said: {schemaFault}
        </p>
      )}
      <main>
        <GraphiQL
          fetcher={fetcher}
          storage={storage}
          defaultTabs={examples}
          defaultEditorToolsVisibility="variables"
          // The session is the cookie's; a header would only be one more place where a token could be left.
          isHeadersEditorEnabled={false}
          shouldPersistHeaders={false}
        >
          <GraphiQL.Logo>{null}</GraphiQL.Logo>
          <EditorAccess />
          <ForgetAnswers session={session} />
        </GraphiQL>
      </main>
    </>
  );
}

/** A browser that keeps nothing for pages throws; GraphiQL then keeps its tabs as long as the page is open. */
function browserStorage(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}

/** Another tab may have signed in or out meanwhile; so may this one, before it was left and brought back. */
function refreshOnReturn() {
  const refresh = () => void session.refresh();
  refresh();
  window.addEventListener('focus', refresh);
  window.addEventListener('pageshow', refresh);
  return () => {
    window.removeEventListener('focus', refresh);
    window.removeEventListener('pageshow', refresh);
  };
}
