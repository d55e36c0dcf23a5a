/** An immutable set of small integers, as bits: what a simulation unites at every merge. */
export class BitSet {
  static readonly empty = new BitSet(new Uint32Array(0));
  readonly #words: Uint32Array;

  private constructor(words: Uint32Array) {
    this.#words = words;
  }

  has(bit: number): boolean {
    return ((this.#words[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0;
  }

  with(bit: number): BitSet {
    const words = new Uint32Array(Math.max(this.#words.length, (bit >>> 5) + 1));
    words.set(this.#words);
    words[bit >>> 5] = (words[bit >>> 5] ?? 0) | (1 << (bit & 31));
    return new BitSet(words);
  }

  union(other: BitSet): BitSet {
    if (other === this) return this;
    const [long, short] =
      this.#words.length >= other.#words.length
        ? [this.#words, other.#words]
        : [other.#words, this.#words];
    const words = new Uint32Array(long);
    for (let at = 0; at < short.length; at += 1) words[at] = (words[at] ?? 0) | (short[at] ?? 0);
    return new BitSet(words);
  }

  /** Whether the other holds all of this. */
  isWithin(other: BitSet): boolean {
    if (other === this) return true;
    for (let at = 0; at < this.#words.length; at += 1)
      if (((this.#words[at] ?? 0) & ~(other.#words[at] ?? 0)) !== 0) return false;
    return true;
  }
}
