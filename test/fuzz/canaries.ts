/** Secrets by what they are called in a report. */
export type Secrets = Record<string, string>;

/** What must not be seen anywhere. */
export type Canaries = {
  add(secrets: Secrets): void;
  /** Takes back all secrets whose names begin so. */
  remove(prefix: string): void;
  /** The names of those that a text holds, in whatever form. */
  foundIn(text: string): string[];
};

export function createCanaries(): Canaries {
  const forms = new Map<string, string[]>();
  return {
    add(secrets) {
      for (const [name, secret] of Object.entries(secrets)) forms.set(name, formsOf(secret));
    },
    remove(prefix) {
      for (const name of forms.keys()) if (name.startsWith(prefix)) forms.delete(name);
    },
    foundIn: (text) =>
      [...forms].filter(([, of]) => of.some((form) => text.includes(form))).map(([name]) => name),
  };
}

/** A secret as it may be written down: as it is, in a URL, or in base64. */
function formsOf(secret: string): string[] {
  const inBase64 = Buffer.from(secret).toString('base64').replace(/=+$/, '').slice(0, -1);
  return [...new Set([secret, encodeURIComponent(secret), inBase64, Buffer.from(secret).toString('hex')])];
}
