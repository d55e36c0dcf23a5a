/**
 * A host of protocol 4 gone bad: a real one behind it, and in front an act that changes what it answers or what reaches it.
 * It owns everything a host owns, and every token; it has no key of any unlocked device unless a test hands it one.
 */
type HostCall = {
  /** `GET /wallets/default`, without the query */
  readonly name: string;
  readonly url: URL;
  readonly body: unknown;
};

export type HostSaid = { readonly status: number; readonly value: unknown };

/** What the host says instead; `real` asks the real one (once). */
type Act = (call: HostCall, real: () => Promise<HostSaid>) => Promise<HostSaid | Response>;

export type HostileHost = {
  readonly fetch: typeof fetch;
  /** Every call that was made, in order. */
  readonly calls: readonly string[];
  /** From now on, what is said to calls of this name. */
  act(name: string, act: Act): void;
  /** Changes what the real host answers with 2xx to calls of this name. */
  change(name: string, change: (value: never) => unknown): void;
  /** Says the same, whatever is asked. */
  always(name: string, said: HostSaid): void;
  honest(): void;
};

const base = "/api/4";

/** `target`: the real host's origin, where it is another one than that which is talked to. */
export function createHostileHost(target?: URL): HostileHost {
  const acts = new Map<string, Act>();
  const calls: string[] = [];

  const hostile = async (input: URL, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(input);
    const name = `${init.method ?? "GET"} ${url.pathname.replace(base, "")}`;
    calls.push(`${init.method ?? "GET"} ${url.pathname}`);
    const real = async (): Promise<HostSaid> => {
      const address = target === undefined ? url : new URL(url.pathname + url.search, target);
      const response = await fetch(address, init);
      const text = await response.text();
      return { status: response.status, value: text === "" ? undefined : JSON.parse(text) };
    };
    const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : undefined;
    const act = acts.get(name);
    const said = act === undefined ? await real() : await act({ name, url, body }, real);
    return said instanceof Response ? said : responseOf(said);
  };

  const act: HostileHost["act"] = (name, one) => {
    acts.set(name, one);
  };
  return {
    fetch: hostile as typeof fetch,
    calls,
    act,
    change(name, change) {
      act(name, async (_, real) => {
        const { status, value } = await real();
        if (status >= 300) return { status, value };
        return { status, value: change(structuredClone(value) as never) };
      });
    },
    always(name, said) {
      act(name, async () => await Promise.resolve(structuredClone(said)));
    },
    honest() {
      acts.clear();
    },
  };
}

function responseOf({ status, value }: HostSaid): Response {
  const isProblem = status >= 400;
  return new Response(value === undefined ? null : JSON.stringify(value), {
    status,
    headers: { "content-type": isProblem ? "application/problem+json" : "application/json" },
  });
}

/** A problem document, as an honest host would write it. */
export function problemOf(status: number, code: string): HostSaid {
  return {
    status,
    value: { type: `urn:holdfast:problem:${code}`, title: code, status, code },
  };
}
