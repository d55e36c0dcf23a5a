import { endpoints3 } from "@holdfast/protocol";

/** A mail in plain text. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** The mail with the link that verifies an address. `publicUrl` is where people reach the host, without a slash at the end. */
export function composeVerificationMail(
  { email, token }: { readonly email: string; readonly token: string },
  publicUrl: string,
): Mail {
  const link = `${publicUrl}${endpoints3.verify}?verifyToken=${token}`;
  return {
    to: email,
    subject: `Verify your address for ${new URL(publicUrl).host}`,
    text: [
      "Somebody, probably you, signed up for wallet sync with this address.",
      "Open this link within two days to verify it:",
      "",
      link,
      "",
      "If it was not you, do nothing: without the link the account cannot be used.",
      "",
    ].join("\n"),
  };
}
