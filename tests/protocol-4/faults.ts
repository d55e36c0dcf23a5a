/** A network that loses one message of a test's choice, on the way to the host or on the way back. */
export function createFaults(inner: typeof fetch = globalThis.fetch) {
  let fault: { readonly lost: "request" | "answer"; readonly call: string } | null = null;
  return {
    /** The next such call (`PUT /credentials`) comes to nothing. */
    lose(lost: "request" | "answer", call: string): void {
      fault = { lost, call };
    },
    fetch: (async (input: URL, init: RequestInit) => {
      const call = `${init.method ?? "GET"} ${input.pathname.replace("/api/4", "")}`;
      if (fault?.call !== call) return await inner(input, init);
      const { lost } = fault;
      fault = null;
      if (lost === "answer") await inner(input, init);
      throw new TypeError("the connection broke");
    }) as typeof fetch,
  };
}
