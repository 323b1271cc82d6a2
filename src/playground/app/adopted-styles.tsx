import { useEffect } from 'react';

/**
 * Stands in for the package `react-style-singleton`, by which GraphiQL's dialogs and menus keep the page from
 * scrolling: that puts a `<style>` element into the page, which the pages' policy refuses (CSP, section 8.1).
 * Constructed style sheets are no inline styles. The first user's styles count, as with the original.
 */
export function styleSingleton() {
  const sheet = new CSSStyleSheet();
  let users = 0;

  function use(styles: string) {
    if (users++ > 0) return;
    sheet.replaceSync(styles);
    document.adoptedStyleSheets.push(sheet);
  }
  function leave() {
    if (--users > 0) return;
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
  }

  // biome-ignore lint/correctness/noComponentHookFactories: one sheet for each caller is what the package promises
  return function AdoptedStyles({ styles, dynamic }: { styles: string; dynamic?: boolean }) {
    // biome-ignore lint/correctness/useExhaustiveDependencies: styles that are not dynamic stay as they came
    useEffect(() => {
      use(styles);
      return leave;
    }, [dynamic && styles]);
    return null;
  };
}
