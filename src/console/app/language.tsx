import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { english, type Texts } from './texts-english.ts';
import { polish } from './texts-polish.ts';

const languages = { en: english, pl: polish };
type LanguageCode = keyof typeof languages;

const names: Record<LanguageCode, string> = { en: 'English', pl: 'Polski' };
const codes = Object.keys(languages) as LanguageCode[];
const storageKey = 'console-language';

const isKnown = (code: string | null | undefined): code is LanguageCode =>
  codes.includes(code as LanguageCode);

/** The language that was chosen here before, or else the first that the browser prefers and this page speaks. */
function preferred(): LanguageCode {
  const chosen = stored();
  if (isKnown(chosen)) return chosen;
  return navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find(isKnown) ?? 'en';
}

/** A browser that keeps nothing for pages throws. */
function stored(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

function store(code: LanguageCode): void {
  try {
    localStorage.setItem(storageKey, code);
  } catch {
    // It is asked for again next time.
  }
}

const Language = createContext({ code: 'en' as LanguageCode, choose: (_code: LanguageCode) => {} });

/** Gives the page its language, and tells it to the browser and to screen readers. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [code, setCode] = useState(preferred);
  useEffect(() => {
    document.documentElement.lang = code;
    document.title = languages[code].product;
  }, [code]);
  const choose = (chosen: LanguageCode) => {
    store(chosen);
    setCode(chosen);
  };
  return <Language value={{ code, choose }}>{children}</Language>;
}

/** Everything that the page says, in its language. */
export const useTexts = (): Texts => languages[useContext(Language).code];

/** A moment as people of the page's language write it, in their own time zone. */
export function useMoment(): (iso: string) => string {
  const { code } = useContext(Language);
  // English of the browser's own country, if that is English.
  const locale = navigator.languages.find((tag) => tag.slice(0, 2).toLowerCase() === code) ?? code;
  return (iso) => new Date(iso).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' });
}

/** The languages to choose from. */
export function LanguageSwitch() {
  const { code, choose } = useContext(Language);
  return (
    <fieldset className="languages" aria-label={useTexts().language}>
      {codes.map((option) => (
        <button
          key={option}
          type="button"
          lang={option}
          aria-pressed={option === code}
          onClick={() => choose(option)}
        >
          {names[option]}
        </button>
      ))}
    </fieldset>
  );
}
