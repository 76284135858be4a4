import type { FakeAzureDevOps } from "../../../azure-devops/index.ts";
import { numberOf } from "../priorities.ts";
import type { RemoteIssueState, TrackerPeople } from "../remote-tracker.ts";
import type { Author, StateWatch } from "../watch-states.ts";

const author: Author = { by: "person", requestId: null };

/** Lena in the pages of Azure DevOps. Everybody sees every comment there: one that is meant to be internal is public. */
export function createAzureDevOpsPeople(options: {
  readonly fake: FakeAzureDevOps;
  readonly projects: readonly [string, string];
  readonly watch: StateWatch;
  /** Called after each act. */
  readonly onAct: () => void;
}): TrackerPeople {
  const { fake, projects, watch } = options;
  const [home, elsewhere] = projects;
  const lena = fake.as("lena");

  const done = (moved?: { readonly from: string; readonly to: string }) => {
    watch.look(author, moved);
    options.onAct();
  };
  const withIssue = (key: string, act: (id: string, issue: RemoteIssueState) => void) => {
    const issue = watch.present(key);
    if (issue === null || issue.isGone) return;
    act(key, issue);
    done();
  };
  const withComment = (key: string, commentId: string, act: (id: string) => void) =>
    withIssue(key, (_id, { comments }) => {
      if (comments.some(({ id }) => id === commentId)) act(commentId);
    });

  return {
    setTitle: (key, title) => withIssue(key, (id) => lena.editIssue(id, { title })),
    setBody: (key, change) =>
      withIssue(key, (id, { body }) => lena.editIssue(id, { description: change(body), format: "markdown" })),
    setStatus: (key, status, reason) =>
      withIssue(key, (id, { fields }) => {
        if (status === "closed") {
          lena.moveTo(id, "Closed");
          if (reason === "not_planned") lena.editIssue(id, { reason: "Obsolete" });
        } else if (fields.status === "closed") lena.moveTo(id, "New");
      }),
    setPriority: (key, wanted) =>
      withIssue(key, (id) => {
        const priority = numberOf(wanted[0] ?? "");
        if (priority !== null && priority > 0) lena.editIssue(id, { priority });
      }),
    addLabel: (key, label) =>
      withIssue(key, (id, { labels }) => lena.editIssue(id, { tags: [...new Set([...labels, label])] })),
    assign: (key, who) => withIssue(key, (id) => lena.editIssue(id, { assignee: who })),
    setAssignee: (key, who) => withIssue(key, (id) => lena.editIssue(id, { assignee: who === "" ? null : who })),
    comment: (key, body) => withIssue(key, (id) => void lena.comment(id, body, "markdown")),
    editComment: (key, id, body) => withComment(key, id, () => lena.editComment(id, body)),
    deleteComment: (key, id) => withComment(key, id, () => lena.deleteComment(id)),
    createIssue(title, description) {
      const { id } = lena.createIssue(home, { title, description, format: "markdown" });
      done();
      return id;
    },
    deleteIssue: (key) => withIssue(key, (id) => lena.deleteIssue(id)),
    moveIssue(key) {
      const issue = watch.present(key);
      if (issue === null || issue.isGone) return;
      const target = issue.container === home ? elsewhere : home;
      lena.moveIssue(key, target);
      done();
    },
    copyIssue: (key) =>
      withIssue(key, (_id, { container, body, labels, fields }) => {
        const priority = numberOf(fields.priority);
        lena.createIssue(container, {
          title: fields.title,
          description: body,
          format: "markdown",
          tags: labels,
          ...(priority !== null && priority > 0 && { priority }),
        });
      }),
  };
}
