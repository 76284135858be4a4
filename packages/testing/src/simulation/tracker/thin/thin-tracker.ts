import type { IssuePatch, IssueSnapshot, ProviderCapabilities, WebhookHint } from "@backref/core/provider";
import { priorityMapping } from "../../oracle/meaning.ts";
import {
  type PendingDelivery,
  type RemoteChange,
  type RemoteField,
  type RemoteTracker,
  type RequestDescription,
  type RequestKind,
  remoteFields,
  type TrackerName,
} from "../remote-tracker.ts";
import { type Author, createThinModel, lena, personOf, type ThinComment, type ThinIssue } from "./thin-model.ts";
import { assigneesAfter, createThinServer, type ThinAnswer, type ThinOperation } from "./thin-operations.ts";
import { createThinProvider, isThinWrite, signatureOf } from "./thin-provider.ts";

export interface ThinTrackerOptions {
  readonly name: Extract<TrackerName, "cas" | "plain">;
  readonly providerId: string;
  readonly now: () => number;
  readonly priority: "labels" | "field";
  /** @default titles are trimmed */
  readonly normaliseTitle?: (title: string) => string;
}

const kindOf: Readonly<Record<ThinOperation["name"], RequestKind>> = {
  account: "other",
  probe: "other",
  read: "read",
  create: "create",
  find: "list",
  update: "update",
  changes: "list",
  labels: "other",
  comments: "read",
  "comment-add": "comment",
  "comment-edit": "comment",
  "comment-delete": "comment",
};

function textOf(operation: ThinOperation): string {
  switch (operation.name) {
    case "read":
      return `read ${operation.issues.map((issue) => issue.remoteId ?? issue.item).join(" ")}`;
    case "update":
      return `update ${operation.request.issue.remoteId} ${JSON.stringify(operation.request.patch)}`;
    case "create":
      return `create ${JSON.stringify(operation.request.title)}`;
    case "comments":
      return `comments ${operation.issue.remoteId}`;
    case "comment-add":
      return `comment-add ${operation.issue.remoteId} ${JSON.stringify(operation.body)}`;
    case "comment-edit":
    case "comment-delete":
      return `${operation.name} ${operation.id}`;
    default:
      return operation.name;
  }
}

function issuesOf(operation: ThinOperation): readonly string[] {
  if (operation.name === "read") return operation.issues.flatMap((issue) => issue.remoteId ?? []);
  if (operation.name === "update") return [operation.request.issue.remoteId ?? ""];
  return "issue" in operation ? [operation.issue.remoteId ?? ""] : [];
}

const sameIds = (a: IssueSnapshot["assignees"], b: IssueSnapshot["assignees"]) =>
  a.map(({ id }) => id).join() === b.map(({ id }) => id).join();

/** Fields of a patch that the issue says already. */
function idleFieldsOf(snapshot: IssueSnapshot, patch: IssuePatch): readonly RemoteField[] {
  const { labels } = patch;
  const isIdle = {
    title: patch.title === snapshot.title,
    description: patch.body === snapshot.body,
    assignee:
      patch.assigneeIds !== undefined && sameIds(assigneesAfter(snapshot, patch.assigneeIds), snapshot.assignees),
    status: patch.state?.category === snapshot.state.category,
    priority:
      labels === undefined
        ? patch.priority !== undefined && patch.priority === snapshot.priority
        : labels.add.every((name) => snapshot.labels.includes(name)) &&
          labels.remove.every((name) => !snapshot.labels.includes(name)),
  };
  return remoteFields.filter((field) => isIdle[field]);
}

function capabilitiesOf({ name, priority }: ThinTrackerOptions): ProviderCapabilities {
  const isPlain = name === "plain";
  return {
    readBatchSize: 100,
    compareAndSet: !isPlain,
    markerPlace: "body",
    versionGranularityMs: isPlain ? 1_000 : 0,
    readLagMs: 1_000,
    priority,
    assignees: "one",
    comments: { edit: true, delete: true, returnsId: true, visibility: true },
    webhookPayload: isPlain ? "full" : "id-only",
  };
}

/** Like nothing that stands in any text, so that it can be looked for. */
const tokenOf = (generation: number) => `thin-secret-token-${generation}`;

/** A tracker with compare-and-set (`cas`) or without (`plain`), in process and as quick as it can be. */
export function createThinTracker(options: ThinTrackerOptions): RemoteTracker {
  const { name, now, priority } = options;
  const granularityMs = name === "plain" ? 1_000 : 0;
  const listeners: ((change: RemoteChange) => void)[] = [];
  const receivers: ((delivery: PendingDelivery) => void)[] = [];
  let secret = "";
  let deliveries = 0;
  let isLost = false;
  let accepted: string | null = tokenOf(0);

  const deliver = (issue: ThinIssue, comment: ThinComment | null, change: "changed" | "deleted" | "moved") => {
    deliveries += 1;
    const isFull = name === "plain";
    const hint: WebhookHint = {
      aspect: comment === null ? "issue" : "comments",
      container: issue.container,
      remoteId: issue.id,
      item: issue.item,
      issue: isFull && comment === null ? issue.snapshot : null,
      ...(!isFull && comment === null && { version: issue.snapshot.version }),
      comment: isFull ? (comment?.snapshot ?? null) : null,
      change,
    };
    const body = JSON.stringify({ deliveryId: `${options.providerId}-${deliveries}`, name: "event", hints: [hint] });
    for (const receive of receivers) receive({ headers: { "x-signature": signatureOf(secret, body) }, body });
  };

  const model = createThinModel({
    idPrefix: options.providerId,
    now,
    priority,
    granularityMs,
    normaliseTitle: options.normaliseTitle ?? ((title) => title.trim()),
    onChange: (change) => {
      for (const listener of listeners) listener(change);
    },
    onEvent: deliver,
  });
  const answer = createThinServer({ model, now, granularityMs, isLost: () => isLost });

  const operations = new Map<string, { readonly operation: ThinOperation; readonly token: string }>();
  const answers = new Map<string, ThinAnswer>();
  let asked = 0;
  const provider = createThinProvider(options.providerId, capabilitiesOf(options), {
    put(operation, token) {
      asked += 1;
      const key = `${operation.name}:${asked}`;
      operations.set(key, { operation, token });
      return key;
    },
    take(key) {
      const taken = answers.get(key) ?? null;
      answers.delete(key);
      return taken;
    },
  });
  const operationOf = (init: RequestInit | undefined) => {
    const found = operations.get(typeof init?.body === "string" ? init.body : "");
    if (found === undefined) throw new TypeError("A request of the thin tracker names its operation.");
    return found;
  };

  const person: Author = { by: "person", requestId: null };
  const withIssue = (key: string, act: (issue: ThinIssue) => void) => {
    const issue = model.issues.get(key);
    if (issue !== undefined && issue.state === "live") act(issue);
  };
  const present = (issue: ThinIssue) => model.present(issue);

  return {
    name,
    provider,
    baseUrl: `https://${options.providerId}.example`,
    requestUrl: `https://${options.providerId}.example`,
    mapping: priority === "field" ? { priority: priorityMapping } : {},
    keepsAssignees: true,
    containers: ["shelf", "attic"],
    capabilities: { compareAndSet: name === "cas", priority },
    credential: (generation) => ({ token: tokenOf(generation) }),
    accept(generation) {
      accepted = generation === null ? null : tokenOf(generation);
    },
    loseContainer(lost) {
      isLost = lost;
    },
    describe(_input, init): RequestDescription {
      const { operation } = operationOf(init);
      const { name: what } = operation;
      return {
        kind: kindOf[what],
        isWrite: isThinWrite(what),
        aspect: what.startsWith("comment") ? "comments" : "issue",
        issues: issuesOf(operation),
        token: operation.name === "create" ? operation.request.token : null,
        text: textOf(operation),
      };
    },
    idleFields(_input, init) {
      const { operation } = operationOf(init);
      if (operation.name !== "update") return [];
      const issue = model.issues.get(operation.request.issue.remoteId ?? "");
      return issue === undefined ? [] : idleFieldsOf(issue.snapshot, operation.request.patch);
    },
    async handle({ init, fault, requestId }) {
      const { operation, token } = operationOf(init);
      if (token !== accepted) return new Response(null, { status: 401 });
      answers.set(String(init?.body), answer(operation, fault, requestId));
      return new Response(null, { status: 200 });
    },
    limited: (_kind, retryAfterSeconds) =>
      new Response(null, { status: 429, headers: { "retry-after": String(retryAfterSeconds) } }),
    people: {
      setTitle: (key, title) => withIssue(key, (issue) => model.edit(issue, { title }, person)),
      setBody: (key, change) =>
        withIssue(key, (issue) => model.edit(issue, { body: change(issue.snapshot.body) }, person)),
      setStatus: (key, category, reason) =>
        withIssue(key, (issue) => model.edit(issue, { state: { category, reason } }, person)),
      setPriority: (key, names) =>
        withIssue(key, (issue) => {
          const others = issue.snapshot.labels.filter((label) => !label.startsWith("priority:"));
          const edit = priority === "field" ? { priority: names[0] ?? null } : { labels: [...others, ...names] };
          model.edit(issue, edit, person);
        }),
      addLabel: (key, label) =>
        withIssue(key, (issue) =>
          model.edit(issue, { labels: [...new Set([...issue.snapshot.labels, label])] }, person),
        ),
      assign: (key) => withIssue(key, (issue) => model.edit(issue, { assignees: [lena] }, person)),
      setAssignee: (key, account) =>
        withIssue(key, (issue) => model.edit(issue, { assignees: account === "" ? [] : [personOf(account)] }, person)),
      comment: (key, body, visibility) =>
        withIssue(key, (issue) => {
          model.comment(issue, body, visibility, person);
        }),
      editComment: (key, id, body) =>
        withIssue(key, (issue) => {
          model.editComment(issue, id, body, person);
        }),
      deleteComment: (key, id) =>
        withIssue(key, (issue) => {
          model.deleteComment(issue, id, person);
        }),
      createIssue: (title, body) => model.create("shelf", { title, body }, person).id,
      deleteIssue: (key) => withIssue(key, (issue) => model.remove(issue)),
      moveIssue: (key) =>
        withIssue(key, (issue) => {
          model.move(issue, issue.container === "shelf" ? "attic" : "shelf");
        }),
      copyIssue: (key) =>
        withIssue(key, ({ container, snapshot }) => {
          const { title, body, labels, priority: level } = snapshot;
          model.create(container, { title, body, labels, priority: level }, person);
        }),
    },
    issue(key) {
      const issue = model.issues.get(key);
      return issue === undefined ? null : present(issue);
    },
    issues: () => [...model.issues.values()].map(present),
    isInternalComment: (id) =>
      [...model.issues.values()].some((issue) =>
        issue.comments.some((comment) => comment.id === id && comment.snapshot.visibility !== "public"),
      ),
    onChange: (listener) => void listeners.push(listener),
    onDelivery: (receiver) => void receivers.push(receiver),
    setHookSecret(given) {
      secret = given;
    },
    violations: () => [],
  };
}
