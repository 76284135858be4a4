import { createHmac, timingSafeEqual } from "node:crypto";
import {
  type FailureClass,
  type Form,
  type IssueSnapshot,
  type Provider,
  type ProviderCall,
  type ProviderCapabilities,
  ProviderError,
  type ReadOutcome,
  type RemoteComment,
  type RemotePerson,
  type WebhookEvent,
} from "@backref/core/provider";
import { accounts, strangeAccount } from "../../oracle/meaning.ts";
import { personOf } from "./thin-model.ts";
import type { ThinAnswer, ThinOperation } from "./thin-operations.ts";

interface ThinAuth {
  readonly token: string;
}

const authForm: Form<ThinAuth> = {
  schema: { type: "object", properties: { token: { type: "string", writeOnly: true } } },
  parse: (input) => {
    const token = typeof input === "object" && input !== null && "token" in input ? input.token : null;
    return typeof token === "string"
      ? { ok: true, value: { token } }
      : { ok: false, issues: [{ path: ["token"], message: "is missing" }] };
  },
};
const containerForm: Form<string> = {
  schema: { type: "string" },
  parse: (input) => ({ ok: true, value: String(input) }),
};
const optionsForm: Form<null> = { schema: { type: "object" }, parse: () => ({ ok: true, value: null }) };

/** Carries an operation past the transport: the request's body names it, the answer is picked up afterwards. */
export interface ThinExchange {
  put(operation: ThinOperation, token: string): string;
  take(name: string): ThinAnswer | null;
}

const writes: readonly ThinOperation["name"][] = ["create", "update", "comment-add", "comment-edit", "comment-delete"];
export const isThinWrite = (name: ThinOperation["name"]): boolean => writes.includes(name);

const failureOf: Readonly<Record<number, FailureClass>> = {
  401: "auth",
  403: "forbidden",
  404: "gone",
  410: "gone",
  412: "gone",
};

function isRefused(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : null;
  return typeof cause === "object" && cause !== null && "code" in cause && cause.code === "ECONNREFUSED";
}

export function signatureOf(secret: string, body: Uint8Array | string): string {
  return createHmac("sha256", secret).update(body).digest("hex");
}

/** The smallest honest provider: every call is one request through the call's own way out. */
export function createThinProvider(id: string, capabilities: ProviderCapabilities, exchange: ThinExchange): Provider {
  const fail = (operation: ThinOperation, failure: FailureClass, message: string, more: object = {}) =>
    new ProviderError({ failure, providerId: id, operation: operation.name, message, ...more });

  const ask = async <Value>(call: ProviderCall, operation: ThinOperation): Promise<Value> => {
    const { token } = call.auth as ThinAuth;
    const name = exchange.put(operation, token);
    const isWrite = isThinWrite(operation.name);
    let response: Response;
    try {
      response = await call.fetch(`${call.baseUrl}/${operation.name}`, { method: "POST", body: name });
    } catch (error) {
      if (ProviderError.isInstance(error)) throw error;
      const failure = isRefused(error) || !isWrite ? "retry" : "ambiguous";
      throw fail(operation, failure, "No answer came back.", { cause: error });
    }
    const { status } = response;
    if (status === 200) {
      const answer = exchange.take(name);
      if (answer === null) throw fail(operation, "retry", "The answer was empty.");
      if (answer.status === 200) return answer.value as Value;
      const { status: code } = answer;
      throw fail(operation, failureOf[code] ?? "permanent", `The tracker answered ${code}.`, { status: code });
    }
    if (status === 429) {
      const retryAfterMs = Number(response.headers.get("retry-after")) * 1_000;
      throw fail(operation, "wait", "Too many requests.", { status, retryAfterMs });
    }
    if (status >= 500) throw fail(operation, isWrite ? "ambiguous" : "retry", `Status ${status}.`, { status });
    throw fail(operation, failureOf[status] ?? "permanent", `Status ${status}.`, { status });
  };

  return {
    id,
    specVersion: 1,
    capabilities,
    describe: () => ({
      name: "Thin",
      defaultBaseUrl: null,
      containerName: "Shelf",
      auth: authForm,
      container: containerForm,
      options: optionsForm,
    }),
    parseIssue(text) {
      const key = /^(?:([a-z]+))?#(\d+)$/.exec(text.trim());
      return key === null ? null : { container: key[1] ?? null, item: key[2] ?? "" };
    },
    formatIssue: ({ container, item }, { baseUrl }) => ({
      canonicalKey: `${container}#${item}`,
      displayKey: `${container}#${item}`,
      url: `${baseUrl}/${container}/${item}`,
    }),
    connect: {
      account: (call) => ask<RemotePerson>(call, { name: "account" }),
      async test(call, { containers }) {
        const account = await ask<RemotePerson>(call, { name: "account" });
        const reports = containers.map((container) => ({ container, reachable: true, writable: null }));
        return { ok: true, account, scopes: [], expiresAt: null, containers: reports, problems: [] };
      },
      probe: (call, { container }) => ask<boolean>(call, { name: "probe", container }),
    },
    read: { issues: (call, { issues }) => ask<readonly ReadOutcome[]>(call, { name: "read", issues }) },
    create: {
      async create(call, request) {
        return { issue: await ask<IssueSnapshot>(call, { name: "create", request }), warnings: [] };
      },
      findCreated: (call, request) => ask<readonly IssueSnapshot[]>(call, { name: "find", request }),
    },
    update: {
      async update(call, request) {
        return { issue: await ask<IssueSnapshot>(call, { name: "update", request }), warnings: [] };
      },
    },
    people: {
      search: async (_call, { limit }) =>
        [...Object.values(accounts), strangeAccount].slice(0, limit).map((id) => ({ ...personOf(id), email: null })),
    },
    comments: {
      list: (call, { issue }) => ask<readonly RemoteComment[]>(call, { name: "comments", issue }),
      create: (call, { issue, body }) => ask<RemoteComment>(call, { name: "comment-add", issue, body }),
      update: (call, { issue, commentId, body }) =>
        ask<RemoteComment>(call, { name: "comment-edit", issue, id: commentId, body }),
      async delete(call, { issue, commentId }) {
        await ask(call, { name: "comment-delete", issue, id: commentId });
      },
    },
    changes: { list: (call, request) => ask(call, { name: "changes", request }) },
    labels: {
      ensure: (call, { labels }) => ask(call, { name: "labels", names: labels.map((label) => label.name) }),
    },
    webhooks: {
      verify({ headers, body }, { secret }) {
        const given = Buffer.from(headers.get("x-signature") ?? "");
        const expected = Buffer.from(signatureOf(secret, body));
        return given.length === expected.length && timingSafeEqual(given, expected);
      },
      read({ body }) {
        try {
          return JSON.parse(Buffer.from(body).toString("utf8")) as WebhookEvent;
        } catch (cause) {
          throw new ProviderError({
            failure: "permanent",
            providerId: id,
            operation: "webhook.read",
            message: "The body is not what the tracker sends.",
            cause,
          });
        }
      },
    },
  };
}
