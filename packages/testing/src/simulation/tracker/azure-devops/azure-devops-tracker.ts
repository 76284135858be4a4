import type { Provider } from "@backref/core/provider";
import { createFakeAzureDevOps, type FakeAzureDevOpsIssue, priorityField } from "../../../azure-devops/index.ts";
import { hookEvents } from "../../../azure-devops/model.ts";
import type { Fault } from "../../../fake/faults.ts";
import { toResponse } from "../../../fake/response.ts";
import { prioritiesNamed, wordOf } from "../priorities.ts";
import type { PendingDelivery, RemoteChange, RemoteTracker, ServerFault } from "../remote-tracker.ts";
import { createTokenGenerations } from "../token-generations.ts";
import { type ShownIssue, watchStates } from "../watch-states.ts";
import { describeRequest, type IssueKeys, parseRequest, patchedFields } from "./describe-request.ts";
import { createAzureDevOpsPeople } from "./people.ts";

export interface AzureDevOpsTrackerOptions {
  readonly provider: Provider;
  readonly now: () => number;
}

const engine = "backref-bot";
const projects = ["Web shop", "Attic"] as const;
/** Nothing is signed: whoever forges a delivery does not know the password. */
const forgedHeaders = { authorization: `Basic ${btoa("backref:a guess")}` };
const closedCategories = ["Completed", "Removed"];

function show(issue: FakeAzureDevOpsIssue): ShownIssue {
  const body = issue.reproSteps ?? "";
  return {
    // An item keeps its id when it is moved.
    key: issue.id,
    container: issue.project,
    item: issue.id,
    body,
    labels: issue.tags,
    fields: {
      title: issue.title,
      description: body,
      status: closedCategories.includes(issue.category) ? "closed" : "open",
      priority: wordOf(issue.priority ?? 0),
      assignee: issue.assignee ?? "",
    },
    comments: issue.comments.map(({ id, body: text, author }) => ({ id, body: text, byEngine: author === engine })),
    byEngine: issue.createdBy === engine,
  };
}

/** What the fake does wrong with one request, in the words of its faults; null for nothing. */
function faultFor(input: string | URL | Request, init: RequestInit | undefined, fault: ServerFault): Fault | null {
  if (fault.staleMs > 0) return { kind: "stale", ms: fault.staleMs };
  const [first] = fault.dropsField ? patchedFields(parseRequest(input, init).body) : [];
  return first === undefined ? null : { kind: "drop-fields", fields: [first] };
}

/** Azure DevOps Services as the real provider meets it: the fake in process, with a history of what changed in it. */
export function createAzureDevOpsTracker({ provider, now }: AzureDevOpsTrackerOptions): RemoteTracker {
  const fake = createFakeAzureDevOps({ projects, now, webhooks: "manual" });
  // Of a process without a default: otherwise new items have a priority that nobody on either side wrote.
  for (const project of projects) fake.setField(project, "Bug", { ...priorityField, defaultValue: null });
  const listeners: ((change: RemoteChange) => void)[] = [];
  const receivers: ((delivery: PendingDelivery) => void)[] = [];
  let isLost = false;
  const watch = watchStates({
    shown: () => projects.flatMap((project) => fake.issues(project).map(show)),
    onChange: (change) => {
      for (const listener of listeners) listener(change);
    },
  });
  const deliver = () => {
    while (fake.webhooks.pending.length > 0) {
      const { headers, body } = fake.webhooks.drop(0);
      for (const receive of receivers) receive({ headers, forgedHeaders, body });
    }
  };
  const keys: IssueKeys = {
    byId(id) {
      return fake.issue(id) === null ? null : id;
    },
  };
  const seen = () => ({ projects: isLost ? [] : [...projects] });
  const tokens = createTokenGenerations({
    create: () => fake.createToken({ user: engine, ...seen() }),
    revoke: (token) => fake.revokeToken(token),
  });

  return {
    name: "azure-devops",
    provider,
    baseUrl: fake.url,
    requestUrl: fake.url,
    mapping: { priority: prioritiesNamed(String) },
    issueText: ({ item }) => `AB#${item}`,
    keepsAssignees: false,
    containers: projects,
    capabilities: { compareAndSet: true, priority: "field" },
    credential: (generation) => ({ type: "token", token: tokens.of(generation) }),
    accept: tokens.acceptOnly,
    loseContainer(lost) {
      isLost = lost;
      for (const token of tokens.accepted()) fake.changeToken(token, seen());
    },
    describe: (input, init) => describeRequest(parseRequest(input, init), keys),
    idleFields: () => [],
    async handle({ input, init, fault, requestId }) {
      const wrong = faultFor(input, init, fault);
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
        429,
        { date: new Date(now()).toUTCString(), "retry-after": String(retryAfterSeconds) },
        { message: "TF400733: The request has been canceled.", typeKey: "RequestBlockedException" },
      ),
    people: createAzureDevOpsPeople({ fake, projects, watch, onAct: deliver }),
    issue: (key) => watch.present(key),
    issues: () => watch.all(),
    isInternalComment: () => false,
    onChange: (listener) => void listeners.push(listener),
    onDelivery: (receiver) => void receivers.push(receiver),
    setHookSecret(secret) {
      for (const { id } of fake.hooks) fake.removeWebhook(id);
      const inputs = { url: "https://host.example.com/hook", basicAuthUsername: "backref", basicAuthPassword: secret };
      for (const eventType of hookEvents) fake.addWebhook({ eventType, consumerInputs: inputs });
    },
    violations: () => fake.violations,
  };
}
