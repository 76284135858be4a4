import {
  type ConnectionReport,
  type Form,
  type IssueAddress,
  type IssueSnapshot,
  type Provider,
  ProviderError,
  type ProviderErrorOptions,
  type ReadOutcome,
} from "../../src/provider/index.ts";
import { createToyProvider } from "./toy-provider.ts";

export interface ShelfAuth {
  readonly token: string;
}

export interface ShelfOptions {
  readonly color: string;
  readonly pin: string;
}

/** A tracker in memory that can be read: what it answers is set by the test, what it was asked is remembered. */
export interface ShelfTracker {
  readonly provider: Provider<"shelf", ShelfAuth, ShelfOptions>;
  /** Read requests, by the keys asked for. */
  readonly reads: string[][];
  readonly probes: string[];
  readonly polls: (string | null)[];
  readonly hooks: { readonly container: string | null; readonly url: string; readonly secret: string }[];
  /** Adds or changes an issue. */
  put(container: string, item: string, change?: Partial<IssueSnapshot>): IssueSnapshot;
  /** What the tracker says instead, by remote id or key. */
  readonly answers: Map<string, ReadOutcome>;
  readonly lostContainers: Set<string>;
  failure: Pick<ProviderErrorOptions, "failure" | "message" | "retryAfterMs"> | null;
  report: Partial<ConnectionReport>;
}

const auth: Form<ShelfAuth> = {
  schema: { type: "object", properties: { token: { type: "string", writeOnly: true } } },
  parse: (input) => {
    const { token } = (input ?? {}) as Partial<ShelfAuth>;
    return typeof token === "string" && token !== ""
      ? { ok: true, value: { token } }
      : { ok: false, issues: [{ path: ["token"], message: "is missing" }] };
  },
};

const options: Form<ShelfOptions> = {
  schema: { type: "object", properties: { color: { type: "string" }, pin: { type: "string", writeOnly: true } } },
  parse: (input) => ({ ok: true, value: { color: "red", pin: "", ...(input as Partial<ShelfOptions>) } }),
};

export function createShelfTracker(): ShelfTracker {
  const issues = new Map<string, IssueSnapshot>();
  const toy = createToyProvider();
  const maybeFail = () => {
    if (tracker.failure === null) return;
    throw new ProviderError({ providerId: "shelf", operation: "issue.read", ...tracker.failure });
  };
  const answer = ({ remoteId, container, item }: IssueAddress): ReadOutcome => {
    const key = `${container}#${item}`;
    const said = (remoteId === null ? undefined : tracker.answers.get(remoteId)) ?? tracker.answers.get(key);
    if (said !== undefined) return said;
    const issue = [...issues.values()].find((one) => one.remoteId === remoteId) ?? issues.get(key);
    return issue === undefined ? { kind: "no-access" } : { kind: "live", issue };
  };
  const provider: ShelfTracker["provider"] = {
    id: "shelf",
    specVersion: 1,
    parseIssue: (text, { baseUrl }) => toy.parseIssue(text, { baseUrl, options: {} }),
    formatIssue: (location, { baseUrl }) => toy.formatIssue(location, { baseUrl, options: {} }),
    capabilities: { readBatchSize: 100 },
    describe: () => ({ ...toy.describe(), name: "Shelf", defaultBaseUrl: "https://shelf.example", auth, options }),
    read: {
      async issues(_call, request) {
        tracker.reads.push(request.issues.map(({ container, item }) => `${container}#${item}`));
        maybeFail();
        return request.issues.map(answer);
      },
    },
    connect: {
      async account() {
        return { id: "1", login: "robot", displayName: "Robot" };
      },
      async test(call) {
        maybeFail();
        if (call.auth.token === "") throw new TypeError("auth did not arrive");
        const account = { id: "1", login: "robot", displayName: "Robot" };
        return { ok: true, account, scopes: [], expiresAt: null, containers: [], problems: [], ...tracker.report };
      },
      async probe(_call, { container }) {
        tracker.probes.push(container);
        return !tracker.lostContainers.has(container);
      },
    },
    changes: {
      async list(_call, request) {
        tracker.polls.push(request.container);
        return { issues: [], comments: [], cursor: request.cursor ?? "0", more: false };
      },
    },
    webhooks: {
      verify: () => true,
      read: () => ({ deliveryId: "1", name: "none", hints: [] }),
      async register(_call, request) {
        tracker.hooks.push(request);
        return { hookId: `hook-${tracker.hooks.length}`, expiresAt: null };
      },
    },
  };
  const tracker: ShelfTracker = {
    provider,
    reads: [],
    probes: [],
    polls: [],
    hooks: [],
    answers: new Map(),
    lostContainers: new Set(),
    failure: null,
    report: {},
    put(container, item, change = {}) {
      const before = issues.get(`${container}#${item}`);
      const issue: IssueSnapshot = {
        remoteId: `id-${container}-${item}`,
        container,
        item,
        title: `Issue ${item}`,
        body: "",
        state: { id: "open", name: "Open", category: "open", reason: null },
        priority: null,
        labels: [],
        type: null,
        assignees: [],
        author: null,
        createdAt: 1,
        updatedAt: 1,
        commentCount: null,
        raw: null,
        ...before,
        version: (before?.version ?? 0) + 1,
        ...change,
      };
      issues.set(`${container}#${item}`, issue);
      return issue;
    },
  };
  return tracker;
}
