/** What the platform thinks of its network; a hint, and at times a wrong one (SYNC-18). */
export type Connectivity = {
  isOnline(): boolean;
  /** Calls `listener` at each change; gives the function that ends it. */
  listen(listener: (isOnline: boolean) => void): () => void;
};
