import type { Provider } from "@backref/core/provider";
import type { Fault } from "../../../fake/faults.ts";
import { asObject } from "../../../fake/json.ts";
import { toResponse } from "../../../fake/response.ts";
import { rateLimited } from "../../../linear/failure.ts";
import { createFakeLinear, type FakeLinearIssue } from "../../../linear/index.ts";
import { prioritiesNamed, wordOf } from "../priorities.ts";
import type { PendingDelivery, RemoteChange, RemoteTracker, ServerFault } from "../remote-tracker.ts";
import { createTokenGenerations } from "../token-generations.ts";
import { type ShownIssue, watchStates } from "../watch-states.ts";
import { describeRequest, type IssueKeys, parseRequest } from "./describe-request.ts";
import { createLinearPeople } from "./people.ts";

export interface LinearTrackerOptions {
  readonly provider: Provider;
  readonly now: () => number;
}

const engine = "Backref";
const workspace = "acme";
const teams = ["ENG", "ATTIC"] as const;
const apiUrl = "https://api.linear.app";
const priorityNames = ["", "Urgent", "High", "Medium", "Low"];
const closedTypes = ["completed", "canceled", "duplicate"];

/** Named by what it is called now: an issue that was moved is called otherwise. */
function show(container: string, issue: FakeLinearIssue): ShownIssue {
  const body = issue.description ?? "";
  return {
    key: issue.identifier,
    container,
    item: String(issue.number),
    body,
    labels: issue.labels,
    fields: {
      title: issue.title,
      description: body,
      status: closedTypes.includes(issue.state.type) ? "closed" : "open",
      priority: wordOf(issue.priority),
      assignee: issue.assignee ?? "",
    },
    comments: issue.comments.map(({ id, body: text, author }) => ({ id, body: text, byEngine: author === engine })),
    byEngine: issue.creator === engine,
  };
}

/** What the fake does wrong with one request, in the words of its faults; null for nothing. */
function faultFor(init: RequestInit | undefined, fault: ServerFault): Fault | null {
  if (fault.staleMs > 0) return { kind: "stale", ms: fault.staleMs };
  const { operation, variables } = parseRequest(init);
  if (fault.refusesLabels && operation === "mutation issueLabelCreate") return { kind: "label-refused" };
  const [first] = Object.keys(asObject(variables["input"]));
  const drops = fault.dropsField && operation === "mutation issueUpdate" && first !== undefined;
  return drops ? { kind: "drop-fields", fields: [first] } : null;
}

/** Linear as the real provider meets it: the fake in process, with a history of what changed in it. */
export function createLinearTracker({ provider, now }: LinearTrackerOptions): RemoteTracker {
  const fake = createFakeLinear({ workspace, teams, now, webhooks: "manual" });
  const listeners: ((change: RemoteChange) => void)[] = [];
  const receivers: ((delivery: PendingDelivery) => void)[] = [];
  let isLost = false;
  const watch = watchStates({
    shown: () => teams.flatMap((team) => fake.issues(team).map((issue) => show(team, issue))),
    onChange: (change) => {
      for (const listener of listeners) listener(change);
    },
  });
  const deliver = () => {
    while (fake.webhooks.pending.length > 0) {
      const delivery = fake.webhooks.dropSigned();
      for (const receive of receivers) receive(delivery);
    }
  };
  const keys: IssueKeys = {
    byName: (named) => fake.issue(named)?.identifier ?? null,
    byComment: (id) => watch.all().find(({ comments }) => comments.some((comment) => comment.id === id))?.key ?? null,
  };
  const seen = () => ({ teams: isLost ? [] : null });
  const tokens = createTokenGenerations({
    create: () => fake.createToken({ user: engine, kind: "token", ...seen() }),
    revoke: (token) => fake.revokeToken(token),
  });

  return {
    name: "linear",
    provider,
    baseUrl: apiUrl,
    requestUrl: apiUrl,
    mapping: { priority: prioritiesNamed((number) => priorityNames[number] ?? "?") },
    options: { workspace },
    keyOf: (remoteId) => keys.byName(remoteId),
    remoteIdOf: (key) => fake.issue(key)?.id ?? null,
    issueText: ({ container, item }) => `${container}-${item}`,
    keepsAssignees: false,
    wordOf(field, kept) {
      return field === "status" && kept === "active" ? "open" : kept;
    },
    containers: teams,
    capabilities: { compareAndSet: false, priority: "field" },
    credential: (generation) => ({ type: "token", token: tokens.of(generation) }),
    accept: tokens.acceptOnly,
    loseContainer(lost) {
      isLost = lost;
      for (const token of tokens.accepted()) fake.changeToken(token, seen());
    },
    describe: (_input, init) => describeRequest(init, keys),
    idleFields: () => [],
    async handle({ input, init, fault, requestId }) {
      const wrong = faultFor(init, fault);
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
    limited: (_kind, retryAfterSeconds) =>
      toResponse(
        400,
        {
          date: new Date(now()).toUTCString(),
          "x-ratelimit-requests-remaining": "0",
          "x-ratelimit-requests-reset": String(now() + retryAfterSeconds * 1_000),
        },
        { errors: [rateLimited()] },
      ),
    people: createLinearPeople({ fake, teams, watch, onAct: deliver }),
    issue: (key) => watch.present(key),
    issues: () => watch.all(),
    isInternalComment: () => false,
    onChange: (listener) => void listeners.push(listener),
    onDelivery: (receiver) => void receivers.push(receiver),
    setHookSecret(secret) {
      for (const { id } of fake.hooks) fake.removeWebhook(id);
      fake.addWebhook({ url: "https://host.example.com/hook", secret });
    },
    violations: () => fake.violations,
  };
}
