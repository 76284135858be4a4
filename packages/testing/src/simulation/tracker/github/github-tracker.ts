import type { Provider } from "@backref/core/provider";
import { createFakeGitHub } from "../../../github/index.ts";
import type { PendingDelivery, RemoteChange, RemoteTracker } from "../remote-tracker.ts";
import { createEngineAccess } from "./access.ts";
import { describeRequest, type IssueKeys, parseRequest } from "./describe-request.ts";
import { watchIssues } from "./issue-watch.ts";
import { limitAnswer } from "./limit-answers.ts";
import { createGitHubPeople } from "./people.ts";
import { faultFor } from "./request-faults.ts";

export interface GitHubTrackerOptions {
  readonly provider: Provider;
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
}

const login = "backref-bot";
const repositories = ["acme/web", "acme/attic"] as const;
const apiUrl = "https://api.github.com";
const hookUrl = "https://host.example.com/hook";

/** GitHub as the real provider meets it: the fake in process, with a history of what changed in it. */
export function createGitHubTracker(options: GitHubTrackerOptions): RemoteTracker {
  const { provider, now } = options;
  const fake = createFakeGitHub({ repositories, login, now, random: options.random, webhooks: "manual" });
  const listeners: ((change: RemoteChange) => void)[] = [];
  const receivers: ((delivery: PendingDelivery) => void)[] = [];
  const access = createEngineAccess(fake, login);
  const watch = watchIssues({
    fake,
    repositories,
    login,
    onChange: (change) => {
      for (const listener of listeners) listener(change);
    },
  });

  const deliver = () => {
    while (fake.webhooks.pending.length > 0) {
      const { headers, body } = fake.webhooks.drop(0);
      for (const receive of receivers) receive({ headers, body });
    }
  };
  const keys: IssueKeys = {
    byNumber: (repository, number) =>
      watch.all().find((issue) => issue.repository === repository && issue.number === number)?.nodeId ?? null,
    byComment: (id) => watch.all().find((issue) => issue.comments.some((comment) => comment.id === id))?.nodeId ?? null,
  };

  return {
    name: "github",
    provider,
    baseUrl: apiUrl,
    requestUrl: apiUrl,
    mapping: {},
    keepsAssignees: false,
    containers: repositories,
    capabilities: { compareAndSet: false, priority: "labels" },
    credential: (generation) => ({ type: "token", token: access.token(generation) }),
    accept: (generation) => access.accept(generation),
    loseContainer: (isLost) => access.loseRepositories(isLost),
    describe: (input, init) => describeRequest(parseRequest(input, init), keys),
    idleFields: () => [],
    async handle({ input, init, fault, requestId }) {
      const request = parseRequest(input, init);
      const wrong = faultFor(request, describeRequest(request, keys), fault);
      const disarm = wrong === null ? () => {} : fake.faults.add(wrong);
      try {
        // Whoever asked may have given up; the request arrives all the same.
        return await fake.fetch(input, { ...init, signal: null });
      } finally {
        disarm();
        watch.look({ by: "engine", requestId });
        deliver();
      }
    },
    limited: (kind, retryAfterSeconds) => limitAnswer({ kind, retryAfterSeconds, login, now: now() }),
    people: createGitHubPeople({ fake, repositories, watch, onAct: deliver }),
    issue: (key) => watch.present(key),
    issues: () => watch.all().flatMap(({ nodeId }) => watch.present(nodeId) ?? []),
    isInternalComment: () => false,
    onChange: (listener) => void listeners.push(listener),
    onDelivery: (receiver) => void receivers.push(receiver),
    setHookSecret(secret) {
      for (const repository of repositories) fake.setHook(repository, { url: hookUrl, secret });
    },
    violations: () => fake.violations,
  };
}
