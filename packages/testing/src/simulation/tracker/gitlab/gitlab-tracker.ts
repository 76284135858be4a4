import { Buffer } from "node:buffer";
import type { Provider } from "@backref/core/provider";
import type { Fault } from "../../../fake/faults.ts";
import { createFakeGitLab, type FakeGitLabIssue } from "../../../gitlab/index.ts";
import type { PendingDelivery, RemoteChange, RemoteTracker, ServerFault } from "../remote-tracker.ts";
import { createTokenGenerations } from "../token-generations.ts";
import { type ShownIssue, watchStates } from "../watch-states.ts";
import { describeRequest, type GitLabRequest, parseRequest } from "./describe-request.ts";
import { createGitLabPeople } from "./people.ts";

export interface GitLabTrackerOptions {
  readonly provider: Provider;
  readonly now: () => number;
}

const engine = "backref-bot";
const projects = ["acme/shop/web", "acme/attic"] as const;
const siteUrl = "https://gitlab.com";
const hookUrl = "https://host.example.com/hook";

/** Named by its global id: an issue that was moved is another one. */
function show(issue: FakeGitLabIssue): ShownIssue {
  const { id: issueId, project, iid, title, description: body, labels, assignees, notes } = issue;
  return {
    key: String(issueId),
    container: project,
    item: String(iid),
    body,
    labels,
    fields: {
      title,
      description: body,
      status: issue.state === "closed" ? "closed" : "open",
      priority: labels
        .filter((name) => name.startsWith("priority:"))
        .toSorted()
        .join("|"),
      assignee: assignees.toSorted().join("|"),
    },
    comments: notes.map(({ id, body: text, author }) => ({ id: String(id), body: text, byEngine: author === engine })),
    byEngine: issue.author === engine,
  };
}

/** What the fake does wrong with one request, in the words of its faults; null for nothing. */
function faultFor(request: GitLabRequest, fault: ServerFault): Fault | null {
  if (fault.staleMs > 0) return { kind: "stale", ms: fault.staleMs };
  if (fault.refusesLabels && request.path.endsWith("/labels")) return { kind: "label-refused" };
  const [first] = Object.keys(request.body);
  const drops = fault.dropsField && request.method === "PUT" && !request.path.includes("/notes") && first !== undefined;
  return drops ? { kind: "drop-fields", fields: [first] } : null;
}

/** GitLab as the real provider meets it: the fake in process, with a history of what changed in it. */
export function createGitLabTracker({ provider, now }: GitLabTrackerOptions): RemoteTracker {
  const fake = createFakeGitLab({ projects, siteUrl, now, webhooks: "manual" });
  const listeners: ((change: RemoteChange) => void)[] = [];
  const receivers: ((delivery: PendingDelivery) => void)[] = [];
  let isLost = false;
  const hooks = new Map(projects.map((path) => [path, fake.addWebhook(path, { url: hookUrl })]));
  const watch = watchStates({
    shown: () =>
      projects.flatMap((path) =>
        fake
          .issues(path)
          .filter(({ movedToId }) => movedToId === null)
          .map(show),
      ),
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
  const seen = () => ({ projects: isLost ? [] : null });
  const tokens = createTokenGenerations({
    create: () => fake.createToken({ user: engine, ...seen() }),
    revoke: (token) => fake.revokeToken(token),
  });

  const keyOf = (project: string, item: string) =>
    watch.all().find((issue) => issue.container === project && issue.item === item)?.key ?? null;

  return {
    name: "gitlab",
    provider,
    baseUrl: siteUrl,
    requestUrl: siteUrl,
    mapping: {},
    keepsAssignees: false,
    containers: projects,
    capabilities: { compareAndSet: false, priority: "labels" },
    credential: (generation) => ({ type: "token", token: tokens.of(generation) }),
    accept: tokens.acceptOnly,
    loseContainer(lost) {
      isLost = lost;
      for (const token of tokens.accepted()) fake.changeToken(token, seen());
    },
    describe: (input, init) => describeRequest(parseRequest(input, init), keyOf),
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
    limited(kind, retryAfterSeconds) {
      const shared = { date: new Date(now()).toUTCString(), "content-type": "text/plain" };
      const named = kind === "primary" ? { "retry-after": String(retryAfterSeconds) } : {};
      return new Response("Retry later\n", { status: 429, headers: { ...shared, ...named } });
    },
    people: createGitLabPeople({ fake, projects, watch, onAct: deliver }),
    issue: (key) => watch.present(key),
    issues: () => watch.all(),
    isInternalComment: (commentId) =>
      projects.some((path) =>
        fake.issues(path).some(({ notes }) => notes.some(({ id, internal }) => internal && String(id) === commentId)),
      ),
    onChange: (listener) => void listeners.push(listener),
    onDelivery: (receiver) => void receivers.push(receiver),
    setHookSecret(secret) {
      const signingToken = `whsec_${Buffer.from(secret, "base64url").toString("base64")}`;
      for (const id of hooks.values()) fake.changeWebhook(id, { token: secret, signingTokens: [signingToken] });
    },
    violations: () => fake.violations,
  };
}
