/** What an XML element holds: text, or elements by name, in order. */
export type XmlContent = string | { [name: string]: XmlContent };

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
const NOT_IN_XML = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/**
 * Renders elements. Errors repeat what the caller sent, so text is escaped, and characters that no XML document
 * may contain, not even escaped (XML 1.0, section 2.2), become U+FFFD.
 */
export function renderXml(content: XmlContent): string {
  if (typeof content === 'string') return escapeText(content);
  return Object.entries(content)
    .map(([name, inner]) => `<${name}>${renderXml(inner)}</${name}>`)
    .join('');
}

function escapeText(text: string): string {
  return text.replace(NOT_IN_XML, '\u{fffd}').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
