/** For tests: the mails that a host in development printed. */
import type { TestServer } from "./test-server.ts";

/** The texts of the mails to an address so far. */
export function mailsTo(server: TestServer, address: string): readonly string[] {
  return server
    .output()
    .split("Mail to ")
    .filter((mail) => mail.startsWith(`${address}:`));
}

/** The code in the newest mail to an address; undefined when that has none. */
export function mailedCode(server: TestServer, address: string): string | undefined {
  return /^([0-9]{8})$/m.exec(mailsTo(server, address).at(-1) ?? "")?.[1];
}
