import type { FakeGitLab } from "../../../gitlab/index.ts";
import type { RemoteIssueState, TrackerPeople } from "../remote-tracker.ts";
import type { Author, StateWatch } from "../watch-states.ts";

const author: Author = { by: "person", requestId: null };

const isPriorityLabel = (name: string): boolean => name.startsWith("priority:");

/** Lena in GitLab's own pages. */
export function createGitLabPeople(options: {
  readonly fake: FakeGitLab;
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
  const nameOf = ({ container, item }: RemoteIssueState) => `${container}#${item}`;
  const withIssue = (key: string, act: (issue: RemoteIssueState, name: string) => void) => {
    const issue = watch.present(key);
    if (issue === null || issue.isGone) return;
    act(issue, nameOf(issue));
    done();
  };
  const withComment = (key: string, commentId: string, act: (id: number) => void) =>
    withIssue(key, ({ comments }) => {
      if (comments.some(({ id }) => id === commentId)) act(Number(commentId));
    });
  const create = (title: string, description: string, labels: readonly string[] = []) => {
    const { id } = lena.createIssue(home, { title, description, labels });
    done();
    return String(id);
  };

  return {
    setTitle: (key, title) => withIssue(key, (_issue, name) => lena.editIssue(name, { title })),
    setBody: (key, change) => withIssue(key, ({ body }, name) => lena.editIssue(name, { description: change(body) })),
    setStatus: (key, status) =>
      withIssue(key, (_issue, name) => lena.editIssue(name, { state: status === "closed" ? "closed" : "opened" })),
    setPriority: (key, names) =>
      withIssue(key, ({ labels }, name) => {
        lena.editIssue(name, { labels: [...labels.filter((label) => !isPriorityLabel(label)), ...names] });
      }),
    addLabel: (key, label) =>
      withIssue(key, ({ labels }, name) => lena.editIssue(name, { labels: [...new Set([...labels, label])] })),
    assign: (key, who) => withIssue(key, (_issue, name) => lena.editIssue(name, { assignees: [who] })),
    setAssignee: (key, who) =>
      withIssue(key, (_issue, name) => lena.editIssue(name, { assignees: who === "" ? [] : [who] })),
    comment: (key, body, visibility) =>
      withIssue(key, (_issue, name) => void lena.note(name, body, { internal: visibility === "internal" })),
    editComment: (key, commentId, body) => withComment(key, commentId, (id) => lena.editNote(id, body)),
    deleteComment: (key, commentId) => withComment(key, commentId, (id) => lena.deleteNote(id)),
    createIssue: create,
    deleteIssue: (key) => withIssue(key, (_issue, name) => lena.deleteIssue(name)),
    moveIssue(key) {
      const issue = watch.present(key);
      if (issue === null || issue.isGone) return;
      const { id } = lena.moveIssue(nameOf(issue), issue.container === home ? elsewhere : home);
      done({ from: key, to: String(id) });
    },
    copyIssue: (key) => withIssue(key, ({ body, labels, fields }) => void create(fields.title, body, labels)),
  };
}
