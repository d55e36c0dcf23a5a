import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import { askHidden } from "./ask.ts";
import { readText } from "./input.ts";

const maxPasswordBytes = 64 * 1024;

/** One password a command may need, and the places it may come from. Arguments are none of them: they show in `ps`. */
export interface PasswordKind {
  readonly variable: string;
  readonly flag: string;
  readonly prompt: string;
  /** In a sentence: "the password". */
  readonly noun: string;
  readonly help: string;
}

export const accountPassword: PasswordKind = {
  variable: "HOLDFAST_PASSWORD",
  flag: "--password-file",
  prompt: "Password:",
  noun: "the password",
  help: "read the password from FILE (- is standard input)",
};

export const newPassword: PasswordKind = {
  variable: "HOLDFAST_NEW_PASSWORD",
  flag: "--new-password-file",
  prompt: "New password:",
  noun: "the new password",
  help: "read the new password from FILE",
};

export const oldPassword: PasswordKind = {
  variable: "HOLDFAST_OLD_PASSWORD",
  flag: "--old-password-file",
  prompt: "Password of that time:",
  noun: "the password that the account had when the backup was made",
  help: "with --heal: read the password of the backup's time from FILE",
};

export const walletPassword: PasswordKind = {
  variable: "HOLDFAST_WALLET_PASSWORD",
  flag: "--wallet-password-file",
  prompt: "Password of the wallet file:",
  noun: "the password that unlocks the wallet file",
  help: "read the password that unlocks an encrypted wallet file from FILE",
};

export const passcode: PasswordKind = {
  variable: "HOLDFAST_PASSCODE",
  flag: "--passcode-file",
  prompt: "Passcode of this device:",
  noun: "the passcode of this device",
  help: "read the passcode of this device from FILE",
};

export const newPasscode: PasswordKind = {
  variable: "HOLDFAST_NEW_PASSCODE",
  flag: "--new-passcode-file",
  prompt: "New passcode:",
  noun: "the new passcode",
  help: "read the new passcode from FILE",
};

export const mfaCode: PasswordKind = {
  variable: "HOLDFAST_MFA_CODE",
  flag: "--mfa-code-file",
  prompt: "Code of the second factor, or a recovery code:",
  noun: "a code of the second factor",
  help: "read the code of the second factor from FILE",
};

export const mailedCode: PasswordKind = {
  variable: "HOLDFAST_MAILED_CODE",
  flag: "--mailed-code-file",
  prompt: "Code from the mail:",
  noun: "the code from the mail",
  help: "read the code from the host's mail from FILE",
};

export const recoveryWordsInput: PasswordKind = {
  variable: "HOLDFAST_RECOVERY_WORDS",
  flag: "--recovery-words-file",
  prompt: "The 24 recovery words:",
  noun: "the 24 recovery words",
  help: "read the 24 recovery words from FILE",
};

export const invitationInput: PasswordKind = {
  variable: "HOLDFAST_INVITATION",
  flag: "--invitation-file",
  prompt: "The line that the new device shows:",
  noun: "the line that the new device shows",
  help: "read the line that the new device shows from FILE",
};

/** What commander parses for the options of `addPasswordOption`. */
export interface PasswordOptions {
  readonly passwordFile?: string;
  readonly newPasswordFile?: string;
  readonly oldPasswordFile?: string;
  readonly walletPasswordFile?: string;
  readonly passcodeFile?: string;
  readonly newPasscodeFile?: string;
  readonly mfaCodeFile?: string;
  readonly mailedCodeFile?: string;
  readonly recoveryWordsFile?: string;
  readonly invitationFile?: string;
}

export function addPasswordOption(command: Command, kind: PasswordKind = accountPassword): Command {
  return command.option(`${kind.flag} <file>`, `${kind.help} (env: ${kind.variable})`);
}

/** The password from a file or the environment; undefined when neither has one. A file's final line break is not part of it. */
export async function findPassword(
  kind: PasswordKind,
  file: string | undefined,
): Promise<string | undefined> {
  if (file !== undefined) {
    const text = await readText(file, kind.noun, maxPasswordBytes);
    return text.replace(/\r?\n$/u, "");
  }
  const password = process.env[kind.variable];
  // What is no text arrives like this: different passwords would become one, which other programs read otherwise.
  if (password?.includes("\u{fffd}") === true) {
    throw new CliError(
      "not-text",
      `Cannot use ${kind.variable}: it is not text (UTF-8), so it cannot be ${kind.noun}.`,
    );
  }
  return password;
}

/**
 * As `findPassword`, then by asking the person; refused where nobody can be asked. `confirm` asks twice; `check` throws where it is of
 * no use, before the person types it again.
 */
export async function readPassword(
  kind: PasswordKind,
  file: string | undefined,
  {
    confirm = false,
    check,
  }: {
    readonly confirm?: boolean;
    readonly check?: (password: string) => Promise<void> | void;
  } = {},
): Promise<string> {
  const found = await findPassword(kind, file);
  if (found !== undefined) {
    await check?.(found);
    return found;
  }
  const first = await askHidden(kind.prompt);
  if (first === undefined) {
    throw new CliError(
      "no-password",
      `This needs ${kind.noun}, and there is no terminal to ask on: set ${kind.variable} or give ${kind.flag} FILE.`,
    );
  }
  await check?.(first);
  if (confirm && (await askHidden("The same again:")) !== first) {
    throw new CliError(
      "passwords-differ",
      "The two passwords differ, so nothing was done: try again.",
    );
  }
  return first;
}
