import type { IssuePatch, IssueSnapshot } from "@backref/core/provider";
import type { Operation } from "@backref/provider-kit";
import type { JiraAnswer, JiraCall, JiraClient } from "./client.ts";
import { errors } from "./errors.ts";
import { fetchIssue } from "./fetch-issues.ts";
import type { OutgoingText, RichText } from "./text.ts";

const reading: Operation = { name: "issue.update", isWrite: false };
/** As long as a read may lag by the provider's capabilities. */
const lagMs = 1_000;

/** When Jira answered, by its own clock and to the second; null where it does not say. */
export function answeredAt({ headers }: Pick<JiraAnswer, "headers">): number | null {
  const time = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(time) ? null : time;
}

/**
 * The issue as a write has left it. Jira answers a write without the issue, and a look may show an older one: that nothing
 * was taken is only believed of a look that is newer than the write.
 */
export async function readBack(
  call: JiraCall,
  client: JiraClient,
  request: {
    readonly idOrKey: string;
    readonly richText: RichText;
    readonly patch: IssuePatch;
    readonly body: OutgoingText | null;
    /** Of the last write; null where nothing was written, or nobody knows. */
    readonly writtenAt: number | null;
  },
): Promise<IssueSnapshot> {
  const { idOrKey, richText, writtenAt } = request;
  const look = async () => (await fetchIssue(client, reading, idOrKey, richText)).snapshot;
  const isOld = (issue: IssueSnapshot) =>
    writtenAt !== null && issue.updatedAt < writtenAt && !showsAll(issue, request);
  const issue = await look();
  if (!isOld(issue)) return issue;
  await call.scheduler.sleep(lagMs, call.signal);
  const again = await look();
  if (!isOld(again)) return again;
  const message = "Jira took the change, but still shows the issue as it was before: it is looked at again.";
  throw errors.build(reading, { failure: "ambiguous", message });
}

function showsAll(
  issue: IssueSnapshot,
  {
    patch,
    body,
    richText,
  }: { readonly patch: IssuePatch; readonly body: OutgoingText | null; readonly richText: RichText },
): boolean {
  const { title, priority, state, assigneeIds, labels } = patch;
  const isAssigned = (id: string) => issue.assignees.some((person) => person.id === id);
  return (
    (title === undefined || issue.title === title.replace(/\s+/g, " ").trim()) &&
    (priority === undefined || issue.priority === priority) &&
    (state === undefined || issue.state.category === state.category) &&
    (body === null || issue.body === richText.read(body.value, body.memory)) &&
    (assigneeIds?.add ?? []).slice(0, 1).every(isAssigned) &&
    !(assigneeIds?.remove ?? []).some(isAssigned) &&
    (labels?.add ?? []).every((label) => issue.labels.includes(label)) &&
    !(labels?.remove ?? []).some((label) => issue.labels.includes(label))
  );
}
