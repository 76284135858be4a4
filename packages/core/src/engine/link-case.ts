import type { Runtime } from "../runtime/runtime.ts";
import type { SourceSession } from "../runtime/session.ts";
import type { LinkMaterial } from "./workspace.ts";

/**
 * One link, and what deciding about it takes; nothing here acts. A `Workspace` is one, and a preview makes its own, so both
 * decide the same.
 */
export interface LinkCase extends LinkMaterial {
  readonly pass: {
    readonly runtime: Pick<Runtime, "clock" | "limits" | "defectUrl" | "attachmentUrl">;
    readonly session: Pick<SourceSession, "source" | "capabilities" | "provider">;
    /** The storage's clock. */
    readonly now: () => number;
  };
}
