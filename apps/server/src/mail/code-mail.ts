/** The mails of protocol 4 (P4-23, P4-46). None of them has a link: codes are typed into the device that asked for them. */
import type { CodeMail } from "../mailed-codes/mailed-codes.ts";
import type { Mail } from "./verification-mail.ts";

/** `host` is the host's name, as people know it. */
export function composeCodeMail(mail: CodeMail, host: string): Mail {
  const { subject, lines } = textOf(mail, host);
  return { to: mail.to, subject, text: [...lines, ""].join("\n") };
}

function textOf(
  mail: CodeMail,
  host: string,
): { readonly subject: string; readonly lines: readonly string[] } {
  switch (mail.type) {
    case "register":
      return {
        subject: `Your code for ${host}`,
        lines: [
          `Somebody, probably you, registers at ${host} with this address.`,
          "Type this code into the device that asked for it, within an hour:",
          "",
          mail.code,
          "",
          "If it was not you, do nothing. Give the code to nobody.",
        ],
      };
    case "register-taken":
      return {
        subject: `You have an account at ${host}`,
        lines: [
          `Somebody, perhaps you, tried to register at ${host} with this address, which has an account already.`,
          "If it was you, log in instead. If not, nothing needs to be done: nothing was changed.",
        ],
      };
    case "change-id":
      return {
        subject: `Your code for ${host}`,
        lines: [
          `An account at ${host} is to have this address from now on.`,
          "Type this code into the device that asked for it, within an hour:",
          "",
          mail.code,
          "",
          "If it was not you, do nothing. Give the code to nobody.",
        ],
      };
    case "change-id-taken":
      return {
        subject: `Somebody wants to use your address at ${host}`,
        lines: [
          `Somebody, perhaps you, tried to give this address to another account at ${host}. It belongs to yours, so nothing was changed.`,
        ],
      };
    case "id-changes":
      return {
        subject: `The address of your account at ${host} is about to change`,
        lines: [
          `A device of your account at ${host} asked to change its address. It changes when the new address confirms it.`,
          "If it was not you, rotate your keys on a device of yours at once.",
        ],
      };
    case "id-changed":
      return {
        subject: `The address of your account at ${host} has changed`,
        lines: [
          `Your account at ${host} has another address now, and this one is free.`,
          "If it was not you, rotate your keys on a device of yours at once.",
        ],
      };
  }
}
