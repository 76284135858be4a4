import type { FakeGitHub, FakeIssue } from "../../../github/index.ts";
import type { TrackerPeople } from "../remote-tracker.ts";
import { type Author, type IssueWatch, isPriorityLabel } from "./issue-watch.ts";

const login = "lena";
const author: Author = { by: "person", requestId: null };

/** Lena in GitHub's own pages. Everybody sees every comment there: one that is meant to be internal is public. */
export function createGitHubPeople(options: {
  readonly fake: FakeGitHub;
  readonly repositories: readonly [string, string];
  readonly watch: IssueWatch;
  /** Called after each act. */
  readonly onAct: () => void;
}): TrackerPeople {
  const { fake, repositories, watch } = options;
  const [home, elsewhere] = repositories;
  const lena = fake.as(login);

  const done = (moved?: { readonly from: string; readonly to: string }) => {
    watch.look(author, moved);
    options.onAct();
  };
  const withIssue = (key: string, act: (issue: FakeIssue) => void) => {
    const issue = watch.living(key);
    if (issue === null) return;
    act(issue);
    done();
  };
  const withComment = (key: string, commentId: string, act: (repository: string, id: number) => void) =>
    withIssue(key, ({ repository, comments }) => {
      const comment = comments.find((one) => String(one.id) === commentId);
      if (comment !== undefined) act(repository, comment.id);
    });
  const create = (
    repository: string,
    draft: { readonly title: string; readonly body: string },
    labels: string[] = [],
  ) => {
    const { nodeId } = lena.createIssue(repository, { ...draft, labels });
    done();
    return nodeId;
  };

  return {
    setTitle: (key, title) =>
      withIssue(key, ({ repository, number }) => void lena.editIssue(repository, number, { title })),
    setBody: (key, change) =>
      withIssue(key, ({ repository, number, body }) => {
        lena.editIssue(repository, number, { body: change(body ?? "") });
      }),
    setStatus: (key, status, reason) =>
      withIssue(key, ({ repository, number }) => {
        if (status === "open") lena.reopenIssue(repository, number);
        else lena.closeIssue(repository, number, reason === "not_planned" ? reason : "completed");
      }),
    setPriority: (key, names) =>
      withIssue(key, ({ repository, number, labels }) => {
        const others = labels.filter((label) => !isPriorityLabel(label));
        lena.editIssue(repository, number, { labels: [...others, ...names] });
      }),
    addLabel: (key, name) => withIssue(key, ({ repository, number }) => void lena.addLabel(repository, number, name)),
    assign: (key, who) => withIssue(key, ({ repository, number }) => void lena.assign(repository, number, who)),
    setAssignee: (key, who) =>
      withIssue(key, ({ repository, number }) => {
        lena.editIssue(repository, number, { assignees: who === "" ? [] : [login] });
      }),
    comment: (key, body) => withIssue(key, ({ repository, number }) => void lena.comment(repository, number, body)),
    editComment: (key, commentId, body) =>
      withComment(key, commentId, (repository, id) => void lena.editComment(repository, id, body)),
    deleteComment: (key, commentId) =>
      withComment(key, commentId, (repository, id) => lena.deleteComment(repository, id)),
    createIssue: (title, body) => create(home, { title, body }),
    deleteIssue: (key) => withIssue(key, ({ repository, number }) => lena.deleteIssue(repository, number)),
    moveIssue(key) {
      const issue = watch.living(key);
      if (issue === null) return;
      const target = issue.repository === home ? elsewhere : home;
      done({ from: key, to: lena.transferIssue(issue.repository, issue.number, target).nodeId });
    },
    copyIssue(key) {
      const issue = watch.living(key);
      if (issue === null) return;
      create(issue.repository, { title: issue.title, body: issue.body ?? "" }, [...issue.labels]);
    },
  };
}
