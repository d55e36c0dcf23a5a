/** A property of the design does not hold; `trace` is what led there. */
export class SimulationFailure extends Error {
  override readonly name = "SimulationFailure";
  readonly rule: string;
  trace: readonly string[] = [];

  constructor(rule: string, message: string) {
    super(`[${rule}] ${message}`);
    this.rule = rule;
  }
}
