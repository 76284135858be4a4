import type { FakeLinear } from "../../../linear/index.ts";
import { numberOf } from "../priorities.ts";
import type { RemoteIssueState, TrackerPeople } from "../remote-tracker.ts";
import type { Author, StateWatch } from "../watch-states.ts";

const author: Author = { by: "person", requestId: null };

/** Lena in Linear's own pages. Everybody sees every comment there: one that is meant to be internal is public. */
export function createLinearPeople(options: {
  readonly fake: FakeLinear;
  readonly teams: readonly [string, string];
  readonly watch: StateWatch;
  /** Called after each act. */
  readonly onAct: () => void;
}): TrackerPeople {
  const { fake, teams, watch } = options;
  const [home, elsewhere] = teams;
  const lena = fake.as("lena");

  const done = (moved?: { readonly from: string; readonly to: string }) => {
    watch.look(author, moved);
    options.onAct();
  };
  const withIssue = (key: string, act: (issue: RemoteIssueState) => void) => {
    const issue = watch.present(key);
    if (issue === null || issue.isGone) return;
    act(issue);
    done();
  };
  const withComment = (key: string, commentId: string, act: (id: string) => void) =>
    withIssue(key, ({ comments }) => {
      if (comments.some(({ id }) => id === commentId)) act(commentId);
    });

  return {
    setTitle: (key, title) => withIssue(key, () => lena.editIssue(key, { title })),
    setBody: (key, change) => withIssue(key, ({ body }) => lena.editIssue(key, { description: change(body) })),
    setStatus: (key, status, reason) =>
      withIssue(key, ({ fields }) => {
        if (status === "closed") lena.setState(key, reason === "not_planned" ? "canceled" : "completed");
        else if (fields.status === "closed") lena.setState(key, "unstarted");
      }),
    setPriority: (key, wanted) =>
      withIssue(key, () => {
        const priority = numberOf(wanted[0] ?? "");
        if (priority !== null) lena.editIssue(key, { priority });
      }),
    addLabel: (key, label) => withIssue(key, () => lena.addLabel(key, label)),
    assign: (key, who) => withIssue(key, () => lena.editIssue(key, { assignee: who })),
    setAssignee: (key, who) => withIssue(key, () => lena.editIssue(key, { assignee: who === "" ? null : who })),
    comment: (key, body) => withIssue(key, () => void lena.comment(key, body)),
    editComment: (key, id, body) => withComment(key, id, () => lena.editComment(id, body)),
    deleteComment: (key, id) => withComment(key, id, () => lena.deleteComment(id)),
    createIssue(title, description) {
      const key = lena.createIssue(home, { title, description });
      done();
      return key;
    },
    deleteIssue: (key) => withIssue(key, () => lena.deleteIssue(key)),
    moveIssue(key) {
      const issue = watch.present(key);
      if (issue === null || issue.isGone) return;
      const { id = key } = fake.issue(key) ?? {};
      lena.moveIssue(key, issue.container === home ? elsewhere : home);
      done({ from: key, to: fake.issue(id)?.identifier ?? key });
    },
    copyIssue: (key) =>
      withIssue(key, ({ container, body, labels, fields }) => {
        const copy = lena.createIssue(container, { title: fields.title, description: body, labels });
        lena.editIssue(copy, { priority: numberOf(fields.priority) ?? 0 });
      }),
  };
}
