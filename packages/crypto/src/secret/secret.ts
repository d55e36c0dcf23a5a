const inspect = Symbol.for("nodejs.util.inspect.custom");

/** Secret bytes that neither JSON, nor a template, nor an inspector shows (P4C-10). `Kind` keeps one key from being taken for another. */
export class Secret<Kind extends string> {
  readonly kind: Kind;
  readonly #bytes: Uint8Array;

  constructor(kind: Kind, bytes: Uint8Array) {
    this.kind = kind;
    this.#bytes = bytes;
  }

  /** The bytes themselves, for the one place that needs them. */
  expose(): Uint8Array {
    return this.#bytes;
  }

  toJSON(): string {
    return `[${this.kind}]`;
  }

  toString(): string {
    return `[${this.kind}]`;
  }

  [inspect](): string {
    return `[${this.kind}]`;
  }
}
