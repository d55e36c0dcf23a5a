const hidden = "[secret]";

/**
 * A text that must never be shown: a password, a key, a token. Printing, logging, spreading or serialising it gives
 * `[secret]`; only `reveal()` gives the text, at the one place that sends or stores it (P3C-44).
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return hidden;
  }
}
