/** A device whose surroundings are played by a test: event by event, with a say in every answer. */
import type {
  DeviceRecord,
  FetchOutcome,
  OpenOutcome,
  PushOutcome,
  ReportedHead,
  RevisionRef,
  SealedRevision,
  SyncEffect,
  SyncEngine,
  SyncEvent,
  SyncState,
} from "@holdfast/client/engine";

type EffectOf<Type extends SyncEffect<string>["type"]> = Extract<
  SyncEffect<string>,
  { type: Type }
>;

export class PlayedDevice {
  state: SyncState<string>;
  readonly #engine: SyncEngine<string>;
  /** what the engine asked for and nobody has dealt with yet */
  #asked: SyncEffect<string>[] = [];

  constructor(engine: SyncEngine<string>, record: DeviceRecord<string>) {
    this.#engine = engine;
    this.state = engine.start(record);
  }

  get record(): DeviceRecord<string> {
    return this.state.record;
  }

  /** The kinds of what was asked for and is not answered, timers left out. */
  get asked(): readonly string[] {
    return this.#asked.map(({ type }) => type).filter((type) => !type.endsWith("-timer"));
  }

  tell(event: SyncEvent<string>): this {
    const { state, effects } = this.#engine.step(this.state, event);
    this.state = state;
    this.#asked.push(...effects);
    return this;
  }

  /** Takes what was asked for out of the list; throws when it was not. */
  take<Type extends SyncEffect<string>["type"]>(type: Type): EffectOf<Type> {
    const at = this.#asked.findIndex((effect) => effect.type === type);
    const [effect] = at < 0 ? [] : this.#asked.splice(at, 1);
    if (effect === undefined)
      throw new Error(`nobody asked for ${type}, only for ${this.asked.join(", ")}`);
    return effect as EffectOf<Type>;
  }

  edit(content: string, editId = 1): this {
    return this.tell({ type: "edited", editId, content });
  }

  unlock(keyId = "keys"): this {
    return this.tell({ type: "unlocked", keyId });
  }

  saved(): this {
    return this.tell({ type: "saved", requestId: this.take("save").requestId });
  }

  fetched(outcome: FetchOutcome): this {
    return this.tell({ type: "fetched", requestId: this.take("fetch-head").requestId, outcome });
  }

  opened(outcome: OpenOutcome<string>): this {
    return this.tell({ type: "opened", requestId: this.take("open").requestId, outcome });
  }

  /** The revision the engine wants is sealed under this name, and on disk. */
  sealed(hash: string, sizeBytes = 10): this {
    const { requestId, sequence } = this.take("seal");
    const revision: SealedRevision = { sequence, hash, payload: {}, sizeBytes };
    return this.tell({ type: "sealed", requestId, revision });
  }

  pushed(outcome: PushOutcome): this {
    return this.tell({ type: "pushed", requestId: this.take("push").requestId, outcome });
  }
}

/** The host's answer that this is its newest revision. */
export function headOf(sequence: number, hash: string): FetchOutcome & { head: ReportedHead } {
  const revision: SealedRevision = { sequence, hash, payload: {}, sizeBytes: 10 };
  return { type: "head", head: { revision } };
}

/** What is inside a revision; `line`: what it says it came after. */
export function openedAs(
  content: string,
  line: readonly RevisionRef[] = [],
  epoch = 0,
): OpenOutcome<string> {
  return { type: "opened", content, line, epoch };
}
