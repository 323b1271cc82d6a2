import { useEditorContext } from '@graphiql/react';
import { useEffect } from 'react';

/** Gives the editors the names that GraphiQL leaves out, for screen readers. Has to be inside GraphiQL. */
export function EditorNames() {
  const { queryEditor, variableEditor, responseEditor } = useEditorContext({ nonNull: true });
  useEffect(() => {
    queryEditor?.getInputField().setAttribute('aria-label', 'Operation');
    variableEditor?.getInputField().setAttribute('aria-label', 'Variables');
    responseEditor?.getInputField().setAttribute('aria-label', 'Answer');
  }, [queryEditor, variableEditor, responseEditor]);
  return null;
}
