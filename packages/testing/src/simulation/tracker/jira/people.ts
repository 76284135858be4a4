import type { FakeJira } from "../../../jira/index.ts";
import type { RemoteIssueState, TrackerPeople } from "../remote-tracker.ts";
import type { Author, StateWatch } from "../watch-states.ts";
import { idOf } from "./priorities.ts";
import { writeText } from "./texts.ts";

const author: Author = { by: "person", requestId: null };
const teamOnly = { visibility: { type: "role", value: "Developers" } } as const;

/** Lena in Jira's own pages. An issue is named by its id, which a move does not change. */
export function createJiraPeople(options: {
  readonly fake: FakeJira;
  readonly projects: readonly [string, string];
  readonly watch: StateWatch;
  /** Told of comments that are not for everybody. */
  readonly onInternal: (commentId: string) => void;
  /** Called after each act. */
  readonly onAct: () => void;
}): TrackerPeople {
  const { fake, projects, watch } = options;
  const [home, elsewhere] = projects;
  const lena = fake.as("lena");
  const write = (text: string) => writeText(fake.deployment, text);

  const done = () => {
    watch.look(author);
    options.onAct();
  };
  const withIssue = (id: string, act: (issue: RemoteIssueState) => void) => {
    const issue = watch.present(id);
    if (issue === null || issue.isGone) return;
    act(issue);
    done();
  };
  const withComment = (id: string, commentId: string, act: () => void) =>
    withIssue(id, ({ comments }) => {
      if (comments.some((comment) => comment.id === commentId)) act();
    });
  const create = (project: string, title: string, body: string) => {
    const { id } = lena.createIssue(project, { summary: title, description: write(body) });
    return id;
  };

  return {
    setTitle: (id, title) => withIssue(id, () => void lena.editIssue(id, { summary: title })),
    setBody: (id, change) => withIssue(id, ({ body }) => void lena.editIssue(id, { description: write(change(body)) })),
    /** To Done by every step of the workflow, back to the beginning, or on from one active status to the next. */
    setStatus: (id, status) =>
      withIssue(id, ({ fields }) => {
        if (status === "closed") lena.moveTo(id, "Done");
        else if (fields.status === "closed") lena.moveTo(id, "To Do");
        else if (fake.issue(id)?.status === "In Progress") lena.moveTo(id, "In Review");
      }),
    setPriority: (id, wanted) => withIssue(id, () => void lena.editIssue(id, { priority: idOf(wanted[0] ?? "") })),
    addLabel: (id, label) => withIssue(id, ({ labels }) => void lena.editIssue(id, { labels: [...labels, label] })),
    assign: (id, who) => withIssue(id, () => void lena.editIssue(id, { assignee: who })),
    setAssignee: (id, who) => withIssue(id, () => void lena.editIssue(id, { assignee: who === "" ? null : who })),
    comment: (id, body, visibility) =>
      withIssue(id, () => {
        const made = lena.comment(id, write(body), visibility === "internal" ? teamOnly : {});
        if (visibility === "internal") options.onInternal(made.id);
      }),
    editComment: (id, commentId, body) =>
      withComment(id, commentId, () => void lena.editComment(commentId, write(body))),
    deleteComment: (id, commentId) => withComment(id, commentId, () => lena.deleteComment(commentId)),
    createIssue(title, body) {
      const id = create(home, title, body);
      done();
      return id;
    },
    deleteIssue: (id) => withIssue(id, () => lena.deleteIssue(id)),
    moveIssue: (id) => withIssue(id, ({ container }) => void lena.moveIssue(id, container === home ? elsewhere : home)),
    copyIssue: (id) =>
      withIssue(id, ({ container, body, labels, fields }) => {
        const copy = create(container, fields.title, body);
        lena.editIssue(copy, { labels, priority: idOf(fields.priority) });
      }),
  };
}
