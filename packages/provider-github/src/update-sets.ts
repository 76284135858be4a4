import type { FieldWarning, IssuePatch } from "@backref/core/provider";
import type { GitHubClient } from "./client.ts";
import { hasStatus, type Operation } from "./errors.ts";

const operation: Operation = { name: "issue.update", isWrite: true };
const issueRoute = "/repos/{owner}/{repo}/issues/{number}";

type Path = Readonly<Record<string, string>>;

/**
 * Adds and removes labels and assignees one by one, so that nobody else's are touched. A refusal is a warning: the
 * rest of the patch still goes out, and an issue that is gone is told by the request that follows.
 */
export async function writeSets(
  client: GitHubClient,
  path: Path,
  labels: IssuePatch["labels"],
  logins: { readonly add: readonly string[]; readonly remove: readonly string[] },
): Promise<readonly FieldWarning[]> {
  const warnings: FieldWarning[] = [];
  const attempt = async (field: "labels" | "assignees", send: () => Promise<unknown>, ...harmless: number[]) => {
    try {
      await send();
    } catch (error) {
      if (hasStatus(error, ...harmless)) return;
      const isRefusal = hasStatus(error, 403, 404, 410, 422) && error.failure !== "wait";
      if (!isRefusal) throw error;
      warnings.push({ field, message: error.message });
    }
  };
  if (labels !== undefined && labels.add.length > 0) {
    const parameters = { ...path, labels: labels.add };
    await attempt("labels", () => client.request(operation, `POST ${issueRoute}/labels`, parameters));
  }
  for (const name of labels?.remove ?? []) {
    // 404: the label is gone already.
    await attempt(
      "labels",
      () => client.request(operation, `DELETE ${issueRoute}/labels/{name}`, { ...path, name }),
      404,
    );
  }
  if (logins.add.length > 0) {
    const parameters = { ...path, assignees: logins.add };
    await attempt("assignees", () => client.request(operation, `POST ${issueRoute}/assignees`, parameters));
  }
  if (logins.remove.length > 0) {
    const parameters = { ...path, assignees: logins.remove };
    await attempt("assignees", () => client.request(operation, `DELETE ${issueRoute}/assignees`, parameters));
  }
  return warnings;
}
