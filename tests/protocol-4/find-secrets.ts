/** Looks for planted secrets in whatever a program wrote or sent. */

/** A secret by the name under which a find is reported; never by itself. */
export type Planted = { readonly name: string; readonly bytes: Buffer };

export function planted(name: string, secret: string | Uint8Array): Planted {
  const bytes = Buffer.from(secret as Uint8Array);
  if (bytes.length < 6) throw new Error(`${name} is too short to be told from chance`);
  return { name, bytes };
}

/** The names of those that are in `haystack`: as they are, as JSON has them, or in hex, base64 or base64url wherever they begin in it. */
export function findSecrets(haystack: Buffer, secrets: readonly Planted[]): string[] {
  const lower = Buffer.from(haystack.toString("latin1").toLowerCase(), "latin1");
  return secrets
    .filter(({ bytes }) => {
      const inJson = JSON.stringify(bytes.toString()).slice(1, -1);
      return (
        haystack.includes(bytes) ||
        haystack.includes(inJson) ||
        lower.includes(bytes.toString("hex")) ||
        base64Forms(bytes).some((form) => haystack.includes(form))
      );
    })
    .map(({ name }) => name);
}

/** In both alphabets, for each of the three places in a group of bytes where it can begin; only the letters that it alone decides. */
function base64Forms(bytes: Buffer): string[] {
  const forms = [0, 1, 2].map((before) => {
    const letters = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    const first = Math.ceil((before * 8) / 6);
    return letters.slice(first, Math.floor(((before + bytes.length) * 8) / 6));
  });
  return forms.flatMap((form) => [form, form.replaceAll("+", "-").replaceAll("/", "_")]);
}

/** Three words of a phrase in a row, whatever stands between them (blanks, quotes, commas, numbers, the fields of a list). */
export function findWords(haystack: Buffer, words: readonly string[]): string[] {
  const text = haystack.toString("latin1").toLowerCase();
  return words.slice(2).flatMap((third, at) => {
    const run = [words[at], words[at + 1], third].join("[^a-z]{0,16}");
    return new RegExp(run, "u").test(text) ? [`words ${at + 1} to ${at + 3}`] : [];
  });
}
