import type { CreateIssueRequest, FieldWarning } from "@backref/core/provider";
import { defectLinkIn, isRefusal, type Operation } from "@backref/provider-kit";
import type { JiraCall, JiraClient } from "./client.ts";

const operation: Operation = { name: "issue.backlink", isWrite: true };

/**
 * Shows the defect among the issue's links. The same defect again changes the link in place, since its global id is the
 * token. Without the permission Link Issues, the link in the description is all there is.
 */
export async function setBacklink(
  call: JiraCall,
  client: JiraClient,
  issueId: string,
  { body, token }: Pick<CreateIssueRequest, "body" | "token">,
): Promise<readonly FieldWarning[]> {
  const defect = defectLinkIn(body);
  if (defect === null) return [];
  const { url } = defect;
  const title = defect.name.slice(0, 255);
  const link = {
    globalId: `backref=${token}`,
    application: { type: "backref", name: "Backref" },
    relationship: "defect",
    object: { url, title },
  };
  try {
    await client.request(operation, "POST", `/issue/${issueId}/remotelink`, { body: link });
    return [];
  } catch (error) {
    if (!isRefusal(error)) throw error;
    call.logger.log("warn", "Jira took no remote link", { status: error.status ?? 0 });
    return [{ field: "fields", message: `The link to the defect stands in the description only: ${error.message}` }];
  }
}
