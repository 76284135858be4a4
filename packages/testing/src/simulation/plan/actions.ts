import type { RemoteField } from "../tracker/remote-tracker.ts";

/** One thing that somebody does. `which` in [0, 1) picks among what is there at that moment. */
export type Action =
  | {
      readonly kind: "local-field";
      readonly defect: number;
      readonly field: RemoteField;
      readonly value: string | null;
    }
  | {
      readonly kind: "local-comment";
      readonly defect: number;
      readonly what: "add" | "add-internal" | "edit" | "delete";
      readonly which: number;
      readonly text: string;
    }
  | {
      readonly kind: "remote-field";
      readonly defect: number;
      readonly source: number;
      readonly field: RemoteField;
      readonly value: string;
      readonly more: string | null;
    }
  | {
      readonly kind: "remote-comment";
      readonly defect: number;
      readonly source: number;
      readonly what: "add" | "add-internal" | "edit" | "delete";
      readonly which: number;
      readonly text: string;
    }
  | {
      readonly kind: "remote-other";
      readonly defect: number;
      readonly source: number;
      readonly what: "label" | "assign" | "copy" | "strip-block";
      readonly text: string;
    }
  | { readonly kind: "remote-end"; readonly defect: number; readonly source: number; readonly what: "delete" | "move" }
  | {
      readonly kind: "link";
      readonly defect: number;
      readonly source: number;
      readonly what: "push" | "detach" | "push-new" | "reattach" | "pause" | "resume" | "retry" | "attach-same";
    }
  | {
      readonly kind: "admin";
      readonly source: number;
      readonly what:
        | "disable"
        | "enable"
        | "revoke"
        | "renew"
        | "edit-mapping"
        | "lose-container"
        | "find-container"
        | "disconnect";
    }
  | { readonly kind: "start"; readonly defect: number; readonly how: "push" | "attach"; readonly title: string };

export interface Step {
  readonly number: number;
  /** Milliseconds after the beginning. */
  readonly atMs: number;
  readonly action: Action;
}

/** The same for traces. */
export function describeAction(action: Action): string {
  const { kind, ...rest } = action;
  return `${kind} ${Object.entries(rest)
    .map(
      ([name, value]) =>
        `${name}=${typeof value === "number" && !Number.isInteger(value) ? value.toFixed(2) : String(value).replaceAll(/\s+/g, " ")}`,
    )
    .join(" ")}`;
}
