/**
 * The form under which an address is unique and looked up: case and compatibility forms do not matter.
 * The same rule as protocol 4's `id`, so that one column serves both protocols. Mail goes to the form given at sign-up.
 */
export function emailKey(email: string): string {
  return email.trim().normalize("NFKC").toLowerCase();
}
