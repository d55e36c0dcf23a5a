import type { client, server } from "@serenity-kit/opaque";

export interface OpaqueLibrary {
  readonly client: typeof client;
  readonly server: typeof server;
}

/** Loads the OPAQUE library (WebAssembly) once, when a password is first at work: most starts of a client need none of it. */
export async function loadOpaqueLibrary(): Promise<OpaqueLibrary> {
  const library = await import("@serenity-kit/opaque");
  await library.ready;
  return library;
}
