import type { Provider } from "@backref/core/provider";
import type { Fault } from "../../../fake/faults.ts";
import { asObject } from "../../../fake/json.ts";
import { toResponse } from "../../../fake/response.ts";
import { createFakeJira, type Deployment, type FakeJiraIssue } from "../../../jira/index.ts";
import { allPermissions } from "../../../jira/model.ts";
import { accounts, strangeAccount } from "../../oracle/meaning.ts";
import type { PendingDelivery, RemoteChange, RemoteTracker, ServerFault } from "../remote-tracker.ts";
import { createTokenGenerations } from "../token-generations.ts";
import { type ShownIssue, watchStates } from "../watch-states.ts";
import { describeRequest, type ParsedRequest, parseRequest } from "./describe-request.ts";
import { createJiraPeople } from "./people.ts";
import { jiraPriorities, wordOf } from "./priorities.ts";
import { readText } from "./texts.ts";

export interface JiraTrackerOptions {
  readonly provider: Provider;
  readonly deployment: Deployment;
  readonly now: () => number;
}

const engine = "backref-bot";
const projects = ["WEB", "ATTIC"] as const;
/** Searches are as far behind as the provider declares. */
const indexLagMs = 900;

/** Named by its id, which a move does not change. */
function show(issue: FakeJiraIssue): ShownIssue {
  const { id, key, project, labels } = issue;
  const body = readText(issue.description, issue.properties["backref"]);
  return {
    key: id,
    container: project,
    item: key.split("-")[1] ?? "",
    body,
    labels,
    fields: {
      title: issue.summary,
      description: body,
      status: issue.category === "done" ? "closed" : "open",
      priority: wordOf(issue.priority),
      assignee: issue.assignee ?? "",
    },
    comments: issue.comments.map((comment) => ({
      id: comment.id,
      body: readText(comment.body, comment.properties["backref"]),
      byEngine: comment.author === engine,
    })),
    byEngine: issue.creator === engine,
  };
}

/** What the fake does wrong with one request, in the words of its faults; null for nothing. */
function faultFor({ method, path, body }: ParsedRequest, fault: ServerFault): Fault | null {
  if (fault.staleMs > 0) return { kind: "stale", ms: fault.staleMs };
  const isUpdate = method === "PUT" && /^\/issue\/[^/]+$/.test(path);
  const [first] = Object.keys(asObject(body["fields"]));
  return fault.dropsField && isUpdate && first !== undefined ? { kind: "drop-fields", fields: [first] } : null;
}

/** Jira as the real provider meets it: the fake in process, with a history of what changed in it. */
export function createJiraTracker({ provider, deployment, now }: JiraTrackerOptions): RemoteTracker {
  const fake = createFakeJira({
    deployment,
    projects: projects.map((key) => ({ key, defaultPriority: null })),
    now: () => Math.floor(now()),
    indexLagMs,
    webhooks: "manual",
  });
  for (const account of [...Object.values(accounts), strangeAccount]) fake.addUser(account, account, null, account);
  const listeners: ((change: RemoteChange) => void)[] = [];
  const receivers: ((delivery: PendingDelivery) => void)[] = [];
  const internal = new Set<string>();
  let isLost = false;
  const watch = watchStates({
    shown: () => projects.flatMap((project) => fake.issues(project).map(show)),
    onChange: (change) => {
      for (const listener of listeners) listener(change);
    },
  });
  const deliver = () => {
    while (fake.webhooks.pending.length > 0) {
      const delivery = fake.webhooks.drop(0);
      for (const receive of receivers) receive(delivery);
    }
  };
  const idOf = (named: string) => fake.issue(named)?.id ?? watch.present(named)?.key ?? null;
  const rights = () => (isLost ? [] : allPermissions);
  const tokens = createTokenGenerations({
    create: () => fake.createToken({ user: engine, permissions: rights() }),
    revoke: (token) => fake.revokeToken(token),
  });

  return {
    name: "jira",
    provider,
    baseUrl: fake.siteUrl,
    requestUrl: fake.siteUrl,
    mapping: { priority: jiraPriorities },
    wordOf(field, remembered) {
      if (field === "priority") return wordOf(remembered === "" ? null : remembered);
      return field === "status" && remembered === "active" ? "open" : remembered;
    },
    issueText: ({ container, item }) => `${container}-${item}`,
    keepsAssignees: true,
    containers: projects,
    capabilities: { compareAndSet: false, priority: "field" },
    credential: (generation) =>
      deployment === "cloud"
        ? { type: "api-token", email: fake.email, token: tokens.of(generation) }
        : { type: "personal-token", token: tokens.of(generation) },
    accept: tokens.acceptOnly,
    loseContainer(lost) {
      isLost = lost;
      for (const token of tokens.accepted()) fake.changeToken(token, rights());
    },
    describe: (input, init) => describeRequest(parseRequest(input, init), idOf, indexLagMs),
    idleFields: () => [],
    async handle({ input, init, fault, requestId }) {
      const wrong = faultFor(parseRequest(input, init), fault);
      const disarm = wrong === null ? () => {} : fake.faults.add({ ...wrong, match: {} });
      try {
        // Whoever asked may have given up; the request arrives all the same.
        return await fake.fetch(input, { ...init, signal: null });
      } finally {
        disarm();
        watch.look({ by: "engine", requestId });
        deliver();
      }
    },
    limited: (kind, retryAfterSeconds) =>
      toResponse(
        429,
        {
          "retry-after": String(retryAfterSeconds),
          "ratelimit-reason": kind === "primary" ? "jira-quota-tenant-based" : "jira-burst-based",
        },
        { errorMessages: ["Rate limit exceeded."], errors: {} },
      ),
    people: createJiraPeople({ fake, projects, watch, onInternal: (id) => internal.add(id), onAct: deliver }),
    issue: (key) => watch.present(key),
    issues: () => watch.all(),
    isInternalComment: (commentId) => internal.has(commentId),
    onChange: (listener) => void listeners.push(listener),
    onDelivery: (receiver) => void receivers.push(receiver),
    setHookSecret(secret) {
      for (const { id } of fake.hooks) fake.removeWebhook(id);
      fake.addWebhook({ url: "https://host.example.com/hook", secret });
    },
    violations: () => fake.violations,
  };
}
