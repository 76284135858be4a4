import type { FieldWarning } from "@backref/core/provider";
import type { PatchStep } from "./client.ts";
import { refusesField, refusesTags } from "./errors.ts";
import { fieldNames } from "./fields.ts";

/** What a write can do without: it is refused as a whole for one of these, and the rest is good. */
type Dispensable = "labels" | "assignees" | "reason";

const fieldOf: Readonly<Record<Dispensable, string>> = {
  labels: fieldNames.tags,
  assignees: fieldNames.assignedTo,
  reason: fieldNames.reason,
};

export interface Sent<Answer> {
  readonly answer: Answer;
  readonly leftOut: readonly Dispensable[];
  readonly warnings: readonly FieldWarning[];
}

/**
 * Sends a change; where Azure DevOps refuses all of it for a person, for tags that the account may not make, or for a reason,
 * sends the rest. A refusal is definite: nothing of the change was made.
 */
export async function sendWithoutRefused<Answer>(
  steps: readonly PatchStep[],
  send: (steps: readonly PatchStep[]) => Promise<Answer>,
): Promise<Sent<Answer>> {
  const leftOut: Dispensable[] = [];
  const warnings: FieldWarning[] = [];
  let rest = steps;
  for (;;) {
    try {
      return { answer: await send(rest), leftOut, warnings };
    } catch (error) {
      const has = (part: Dispensable) => rest.some(({ path }) => path === `/fields/${fieldOf[part]}`);
      const [part] = (["labels", "assignees", "reason"] as const).filter(
        (candidate) => has(candidate) && isToBlame(candidate, error),
      );
      if (part === undefined) throw error;
      rest = rest.filter(({ path }) => path !== `/fields/${fieldOf[part]}`);
      // What is left may do nothing any more.
      if (!rest.some(({ op }) => op !== "test")) throw error;
      leftOut.push(part);
      const { message } = error as Error;
      warnings.push({ field: part === "reason" ? "state" : part, message });
    }
  }
}

function isToBlame(part: Dispensable, error: unknown): boolean {
  return part === "labels" ? refusesTags(error) : refusesField(error, fieldOf[part]);
}
