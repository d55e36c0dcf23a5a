/** A host's part in pairing: a box for one message, which an unlocked device fills and the new device empties. */
import type { HostAnswer, HostQuestion } from "./wire.ts";

type PairingQuestion = Extract<
  HostQuestion,
  { readonly type: "start-pairing" | "put-pairing" | "get-pairing" }
>;

export class Pairings {
  /** pairing → its message; null: none yet */
  readonly #messages = new Map<string, string | null>();

  serve(question: PairingQuestion): HostAnswer {
    const { pairingId } = question;
    const message = this.#messages.get(pairingId);
    switch (question.type) {
      case "start-pairing":
        if (message !== undefined) return { status: 409, body: { error: "taken" } };
        this.#messages.set(pairingId, null);
        return { status: 200, body: {} };
      case "put-pairing":
        if (message !== null) return { status: 410, body: { error: "over" } };
        this.#messages.set(pairingId, question.message);
        return { status: 200, body: {} };
      case "get-pairing":
        if (message === undefined) return { status: 410, body: { error: "over" } };
        return message === null ? { status: 204, body: null } : { status: 200, body: { message } };
    }
  }

  /** The time of a pairing is over. */
  end(pairingId: string): void {
    this.#messages.delete(pairingId);
  }

  /** Messages of all pairings that were answered. */
  get messages(): readonly string[] {
    return [...this.#messages.values()].filter((message) => message !== null);
  }
}
