import type { FailureClass } from "@backref/core/provider";

/** What a request is for. It decides what a failure means, and its name stands in the error. */
export interface Operation {
  /** For example `issue.create`. */
  readonly name: string;
  /** It may change something. A query sent by POST is no write. */
  readonly isWrite: boolean;
  /** What statuses mean here, where the general words would say too little. */
  readonly explain?: Readonly<Record<number, Explanation>> | undefined;
}

/** What one status means for one request. */
export interface Explanation {
  readonly message: string;
  /** @default the class that belongs to the status */
  readonly failure?: FailureClass;
}
