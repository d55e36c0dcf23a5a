/** Facts about the host itself that have to fit its database. */
export interface HostFactStore {
  find(name: string): Promise<string | undefined>;
  /** Stores a fact if there is none of this name, and answers what is stored. */
  remember(name: string, value: string): Promise<string>;
}
