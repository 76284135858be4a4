/** Which requests a fault meets; what is absent matches everything. */
export interface FaultMatch {
  readonly method?: string;
  /** A path template of the contract such as `/repos/{owner}/{repo}/issues`, `graphql`, or a pattern for the path. */
  readonly operation?: string | RegExp;
  /** Meets only from the nth matching request on, counted from 1 since the fault was added. */
  readonly nth?: number;
}

/** What goes wrong. */
export type FaultKind =
  /** The connection is refused: nothing arrives. */
  | { readonly kind: "refuse" }
  /** The connection drops before anything was applied. */
  | { readonly kind: "lost-before" }
  /** The connection drops after everything was applied. */
  | { readonly kind: "lost-after" }
  /** An error status instead of the work. */
  | { readonly kind: "status-before"; readonly status: number }
  /** The work is done, the answer is an error status. */
  | { readonly kind: "status-after"; readonly status: number }
  /** The connection drops at once; the request is applied `ms` later all the same. */
  | { readonly kind: "late"; readonly ms: number }
  | { readonly kind: "rate-limit-primary"; readonly resetSeconds: number }
  | { readonly kind: "rate-limit-secondary"; readonly retryAfterSeconds: number }
  /** These members of the request body are ignored. */
  | { readonly kind: "drop-fields"; readonly fields: readonly string[] }
  /** A read shows the state of `ms` ago. */
  | { readonly kind: "stale"; readonly ms: number }
  /** 403; without a `match` it meets label creation only. */
  | { readonly kind: "label-refused" }
  /** 200 with a sign-in page. */
  | { readonly kind: "html" }
  /** The work is done, and the answer asks to wait before the next request; only some trackers do. */
  | { readonly kind: "slow-down"; readonly retryAfterSeconds: number }
  /** The answer takes `ms` longer. */
  | { readonly kind: "delay"; readonly ms: number };

/** A fault to inject. `times` is how many matching requests it meets, 1 by default. */
export type Fault = FaultKind & { readonly match?: FaultMatch; readonly times?: number };

/** What a fault is matched with. */
export interface FaultTarget {
  readonly method: string;
  readonly operation: string;
  readonly path: string;
}

interface ArmedFault {
  readonly fault: Fault;
  seen: number;
  left: number;
}

const labelCreation: FaultMatch = { method: "POST", operation: "/repos/{owner}/{repo}/labels" };

/** The faults still waiting for their requests. */
export class Faults {
  readonly #armed: ArmedFault[] = [];

  /** Arms a fault; the answer disarms it. */
  add(fault: Fault): () => void {
    const armed = { fault, seen: 0, left: fault.times ?? 1 };
    this.#armed.push(armed);
    return () => {
      armed.left = 0;
    };
  }

  /** Disarms all. */
  clear(): void {
    this.#armed.length = 0;
  }

  /** Faults that have not met all their requests. */
  pending(): Fault[] {
    return this.#armed.filter((armed) => armed.left > 0).map((armed) => armed.fault);
  }

  /** Takes the faults that meet this request: any number of `delay`s and at most one other. */
  take(target: FaultTarget): Fault[] {
    const taken: Fault[] = [];
    for (const armed of this.#armed) {
      if (armed.left <= 0 || !matches(armed.fault, target)) continue;
      armed.seen += 1;
      if (armed.seen < (armed.fault.match?.nth ?? 1)) continue;
      if (armed.fault.kind !== "delay" && taken.some((other) => other.kind !== "delay")) continue;
      armed.left -= 1;
      taken.push(armed.fault);
    }
    return taken;
  }
}

function matches(fault: Fault, target: FaultTarget): boolean {
  const match = fault.match ?? (fault.kind === "label-refused" ? labelCreation : {});
  if (match.method !== undefined && match.method.toUpperCase() !== target.method) return false;
  const { operation } = match;
  if (operation === undefined) return true;
  return operation instanceof RegExp ? operation.test(target.path) : operation === target.operation;
}
