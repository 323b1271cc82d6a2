import { useEditorContext } from '@graphiql/react';
import { useEffect } from 'react';

/**
 * Gives the editors the names that GraphiQL leaves out, for screen readers, and the Tab key back to whoever has no
 * mouse: an editor that writes it cannot be left (WCAG 2.1.2). Has to be inside GraphiQL.
 */
export function EditorAccess() {
  const { queryEditor, variableEditor, responseEditor } = useEditorContext({ nonNull: true });
  useEffect(() => {
    queryEditor?.getInputField().setAttribute('aria-label', 'Operation');
    variableEditor?.getInputField().setAttribute('aria-label', 'Variables');
    responseEditor?.getInputField().setAttribute('aria-label', 'Answer');
    for (const editor of [queryEditor, variableEditor, responseEditor])
      editor?.addKeyMap({ Tab: false, 'Shift-Tab': false });
  }, [queryEditor, variableEditor, responseEditor]);
  return null;
}
