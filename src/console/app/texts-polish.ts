import type { Texts } from './texts-english.ts';

const rules = new Intl.PluralRules('pl');

/** Polish has three forms: 1 subskrypcja, 2 subskrypcje, 5 subskrypcji. */
function plural(count: number, one: string, few: string, many: string): string {
  const form = rules.select(count);
  return `${count} ${form === 'one' ? one : form === 'few' ? few : many}`;
}

/** Everything that the page says, in Polish. */
export const polish: Texts = {
  language: 'Język',
  product: 'Brama sesji wielu chmur',
  skip: 'Przejdź do treści',
  providers: { azure: 'Microsoft Azure', gcp: 'Google Cloud', aws: 'Amazon Web Services' },

  reading: 'Odczytywanie sesji…',
  signingOut: 'Wylogowywanie…',
  ended: 'Sesja się zakończyła. Zaloguj się ponownie, aby kontynuować.',
  mayBeSignedIn: 'Być może nadal trwa Twoja sesja.',
  tryAgain: 'Spróbuj ponownie',
  requestId: 'Identyfikator żądania',

  title: 'Jedna sesja dla wszystkich chmur',
  lead: 'Zaloguj się raz i zobacz połączone konta w chmurach oraz subskrypcje wszystkich dzierżaw Azure. Brama przechowuje sesję na serwerze; z tej samej sesji odpowiadają GraphQL i pierwotne ścieżki REST.',
  signInWith: (provider) => `Zaloguj się przez ${provider}`,
  noSignIn: 'Ta brama nie oferuje logowania: jej operator żadnego nie skonfigurował.',
  signInFailed: 'Logowanie nie powiodło się',
  backTo: (host) => `Wróć do ${host}`,

  signedIn: 'Zalogowano',
  validUntil: 'Sesja ważna do',
  signOut: 'Wyloguj się',
  accounts: 'Połączone konta',
  noAccounts: 'Z tą sesją nie jest połączone żadne konto w chmurze.',
  accountOf: (provider) => `Konto ${provider}`,
  tenantId: 'Identyfikator dzierżawy',
  email: 'E-mail',
  accountId: 'Identyfikator konta',
  roleArn: 'ARN roli',

  disconnect: 'Odłącz',
  disconnectQuestion: 'Odłączyć?',
  disconnecting: 'Odłączanie…',
  disconnected: 'Konto odłączone.',
  disconnectedUnread: 'Konto jest odłączone; odśwież stronę, aby to zobaczyć.',
  yes: 'Tak',
  no: 'Nie',

  subscriptionsOf: (name, tenantId) => `Subskrypcje: ${name ? `${name}, ` : ''}dzierżawa ${tenantId}`,
  loadingSubscriptions: 'Wczytywanie subskrypcji…',
  subscriptionsLoaded: 'Subskrypcje zostały odświeżone.',
  subscriptionsFailed: (failed, asked) =>
    `Nie udało się wczytać subskrypcji dla ${failed} z ${asked} dzierżaw; powód podano przy każdej z nich.`,
  retry: 'Ponów',
  subscriptionCount: (count) => plural(count, 'subskrypcja', 'subskrypcje', 'subskrypcji'),
  found: (found, all) => `${found} z ${all}`,
  searchSubscriptions: 'Szukaj subskrypcji',
  nameOrId: 'Nazwa lub identyfikator',
  name: 'Nazwa',
  subscriptionId: 'Identyfikator subskrypcji',
  state: 'Stan',
  unnamed: 'Bez nazwy',
  unknownState: 'Nieznany',
  states: {
    Enabled: 'Włączona',
    Warned: 'Ostrzeżenie',
    PastDue: 'Zaległa płatność',
    Disabled: 'Wyłączona',
    Deleted: 'Usunięta',
  },

  connectAnother: 'Połącz kolejne konto',
  signInWithOne: 'Zaloguj się przez',
  withRole: 'przez rolę IAM',
  readingTrust: 'Odczytywanie danych do zasad zaufania…',
  trustLead:
    'W AWS nadaj roli zasady zaufania, które pozwalają temu kontu ją przejąć, i to tylko z tym identyfikatorem zewnętrznym.',
  awsAccountId: 'Identyfikator konta AWS',
  externalId: 'Identyfikator zewnętrzny',
  trustPolicy: 'Zasady zaufania',
  copy: 'Kopiuj',
  copied: 'Skopiowano.',
  selected: 'Zaznaczono; skopiuj z klawiatury.',
  connectRole: 'Połącz rolę',
  connectedUnread: 'Rola jest połączona; odśwież stronę, aby ją zobaczyć.',
  connectingRole: 'Łączenie… Brama sprawdza w AWS, czy może przejąć tę rolę.',

  endpoint: 'Adres GraphQL',
  playground: 'Edytor zapytań GraphQL',
  restPaths: 'Ścieżki REST',

  failures: {
    unreachable: 'Nie można połączyć się z bramą. Sprawdź połączenie sieciowe.',
    late: 'Brama nie odpowiedziała na czas.',
    unreadable: 'Nie można odczytać odpowiedzi bramy.',
    refused: 'Brama, lub serwer przed nią, odrzuciła żądanie.',
    notListed: 'Brama nie podała subskrypcji tego konta.',
    sessionLimit: 'Upłynął limit czasu tej sesji.',
  },
  codes: {
    UNAUTHENTICATED: 'Nie jesteś zalogowany. Zaloguj się i spróbuj ponownie.',
    OAUTH_STATE_INVALID: 'To logowanie wygasło albo nie zaczęło się w tej przeglądarce. Zaloguj się od nowa.',
    SIGN_IN_FAILED: 'Logowanie zostało przerwane lub odrzucone przez dostawcę.',
    REAUTH_REQUIRED: 'Dostęp do tego konta wygasł. Zaloguj się do niego ponownie.',
    ACCOUNT_NOT_FOUND: 'To konto nie jest już połączone z sesją.',
    AZURE_AUTHENTICATION_FAILED: 'Aplikacja nie może się uwierzytelnić w tej dzierżawie.',
    AZURE_FORBIDDEN: 'Aplikacja nie może wyświetlić subskrypcji tej dzierżawy.',
    AZURE_THROTTLED: 'Azure ogranicza teraz liczbę zapytań. Spróbuj ponownie za chwilę.',
    AZURE_TIMEOUT: 'Azure nie odpowiedział na czas.',
    AZURE_UNAVAILABLE: 'Azure jest w tej chwili niedostępny.',
    AZURE_BAD_RESPONSE: 'Azure odpowiedział w niezrozumiały sposób.',
    AWS_ROLE_INVALID: 'To nie jest ARN roli IAM.',
    AWS_ROLE_REFUSED: 'AWS nie pozwolił bramie przejąć tej roli. Sprawdź ARN oraz jej zasady zaufania.',
    AWS_TRUST_TOO_OPEN:
      'Tę rolę można przejąć także bez identyfikatora zewnętrznego. Popraw jej zasady zaufania.',
    AWS_UNAVAILABLE: 'AWS nie odpowiada albo odrzuca poświadczenia bramy.',
    RATE_LIMITED: 'Zbyt wiele żądań. Odczekaj chwilę i spróbuj ponownie.',
    SESSION_STORE_UNAVAILABLE: 'Magazyn sesji nie odpowiada. Nikt nie został wylogowany; spróbuj ponownie.',
    LOGOUT_INCOMPLETE: 'Nie udało się zakończyć sesji. Spróbuj wylogować się ponownie.',
    CONFLICT: 'Sesja zmieniała się w tym samym czasie. Spróbuj ponownie.',
    INTERNAL_SERVER_ERROR: 'Wewnętrzny błąd bramy.',
  },
};
