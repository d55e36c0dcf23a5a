/** How soon a password would be guessed (CLI-23), by zxcvbn: it runs here, and nobody is asked. */
import { CliError } from "../cli-error.ts";
import { type PasswordKind, readPassword } from "../terminal/passwords.ts";

export interface StrengthOptions {
  readonly allowWeakPassword?: true;
}

/** Of 0 to 4. From 3 on a password withstands offline guessing against a slow hash; the host's Argon2id is one. */
const enough = 3;

/** Longer ones are as good, and take zxcvbn long. */
const judged = 128;

/** A password that is to be the account's, twice from a person. Refuses one that is soon guessed; `personal`: what others know of the person. */
export async function readStrongPassword(
  kind: PasswordKind,
  file: string | undefined,
  personal: readonly string[],
  { allowWeakPassword }: StrengthOptions,
): Promise<string> {
  return await readPassword(kind, file, {
    confirm: true,
    check: (typed) => refuseWeakPassword(typed, personal, allowWeakPassword === true),
  });
}

async function refuseWeakPassword(
  password: string,
  personal: readonly string[],
  allowed: boolean,
): Promise<void> {
  if (password === "")
    throw new CliError("empty-password", "An empty password protects nothing: choose another.");
  if (allowed) return;
  const reason = await weaknessOf(password, personal);
  if (reason === null) return;
  throw new CliError(
    "weak-password",
    `This password would soon be guessed. ${reason} Choose another one, for example four or more words that do not belong together; --allow-weak-password takes it as it is.`,
  );
}

async function weaknessOf(password: string, personal: readonly string[]): Promise<string | null> {
  const [{ ZxcvbnFactory }, common, english] = await Promise.all([
    import("@zxcvbn-ts/core"),
    import("@zxcvbn-ts/language-common"),
    import("@zxcvbn-ts/language-en"),
  ]);
  const zxcvbn = new ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
    translations: english.translations,
  });
  const words = personal.flatMap((text) => [text, ...text.split(/[^\p{L}\p{N}]+/u)]);
  const { score, feedback } = zxcvbn.check(password.slice(0, judged), [
    "holdfast",
    ...words.filter((word) => word.length > 2),
  ]);
  if (score >= enough) return null;
  const sentences = [feedback.warning, ...feedback.suggestions].filter(
    (sentence): sentence is string => typeof sentence === "string" && sentence !== "",
  );
  return sentences.map((sentence) => sentence.replace(/[^.!?]$/u, "$&.")).join(" ");
}
