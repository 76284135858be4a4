/** One place of the production source, and the text that stands there once a mechanism is gone. */
export interface Patch {
  /** Path from the root of the repository. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

/** Something that makes the engine correct, and how to take it out. Without it a simulation has to fail. */
export interface Mechanism {
  /** Unique, in kebab case, for example `commit-fence`. */
  readonly id: string;
  /** What it is for, in one sentence. */
  readonly about: string;
  readonly patches: readonly Patch[];
}
