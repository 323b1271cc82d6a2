import { useEditorContext } from '@graphiql/react';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { Session } from './session.ts';

/** Empties the answers of all tabs when whoever was signed in has gone. Has to be inside GraphiQL, and shows nothing. */
export function ForgetAnswers({ session }: { session: Session }) {
  const { tabs, responseEditor, updateActiveTabValues } = useEditorContext({ nonNull: true });
  const { departures } = useSyncExternalStore(session.subscribe, session.state);
  const seen = useRef(departures);
  useEffect(() => {
    if (seen.current === departures) return;
    seen.current = departures;
    // GraphiQL changes no tab but the active one, and carries the others over as they are.
    for (const tab of tabs) tab.response = null;
    updateActiveTabValues({ response: null });
    responseEditor?.setValue('');
    responseEditor?.clearHistory();
  }, [departures, tabs, responseEditor, updateActiveTabValues]);
  return null;
}
