import { Buffer } from "node:buffer";
import type { ProviderCall } from "@backref/core/provider";
import {
  createTransport,
  type FileUpload,
  mapAnswer,
  type Operation,
  readAnswer,
  type TransportOptions,
} from "@backref/provider-kit";
import type { CloudSites } from "./cloud-site.ts";
import { errors, fromAnswer } from "./errors.ts";
import { apiUrlOf, type Deployment, deploymentOf } from "./site.ts";
import type { JiraAuth, JiraOptions } from "./types.ts";

export type JiraCall = ProviderCall<JiraAuth, JiraOptions>;

export interface ClientSettings extends Pick<TransportOptions, "timeoutMs" | "maxAnswerBytes"> {
  readonly userAgent: string;
  readonly sites: CloudSites;
}

/** Makes the client of one call. Costs nothing until it is used. */
export type OpenClient = (call: JiraCall) => JiraClient;

export type Method = "GET" | "POST" | "PUT" | "DELETE";

export interface RequestContent {
  readonly query?: Readonly<Record<string, string | number | null | undefined>>;
  /** JSON. */
  readonly body?: unknown;
  /** In place of a body. */
  readonly upload?: FileUpload;
  /** Sent without the credential. @default false */
  readonly isAnonymous?: boolean;
}

export interface JiraAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Maps the content, and tells a wrong shape as a `ProviderError`. */
  as<Value>(map: (data: unknown) => Value): Value;
}

export interface JiraClient {
  readonly deployment: Deployment;
  /** What priorities go by, as the source's options say. */
  readonly priorities: JiraOptions["priorities"];
  /** Throws `ProviderError`s only. `path` follows `/rest/api/N`, or the site's address where it begins with `/rest/`. */
  request(operation: Operation, method: Method, path: string, content?: RequestContent): Promise<JiraAnswer>;
}

export function createClient(call: JiraCall, settings: ClientSettings): JiraClient {
  const send = createTransport(call, settings);
  const deployment = deploymentOf(call.auth);
  const { auth } = call;
  return {
    deployment,
    priorities: call.options.priorities,
    async request(operation, method, path, { query = {}, body, upload, isAnonymous = false } = {}) {
      const site = auth.type === "oauth" ? await settings.sites.gatewayOf(call, auth.accessToken, send) : call.baseUrl;
      const url = new URL((path.startsWith("/rest/") ? site : apiUrlOf(site, deployment)) + path);
      for (const [name, value] of Object.entries(query)) {
        if (value !== null && value !== undefined) url.searchParams.set(name, String(value));
      }
      const headers = {
        accept: "application/json",
        ...(!isAnonymous && { authorization: authorizationOf(call.auth) }),
        "user-agent": settings.userAgent,
        ...(body !== undefined && { "content-type": "application/json" }),
        ...upload?.headers,
        // Data Center takes a browser's agent for a forged request without it.
        "x-atlassian-token": "no-check",
      };
      const content =
        upload === undefined
          ? { ...(body !== undefined && { body: JSON.stringify(body) }) }
          : { body: upload.body, duplex: upload.duplex };
      const init = { method, headers, ...content };
      const answer = await readAnswer({ errors, clock: call.clock }, operation, () => send(url.href, init));
      if (answer.status < 200 || answer.status >= 300) throw fromAnswer(operation, answer, call.clock.now());
      return {
        status: answer.status,
        headers: answer.headers,
        as: (map) => mapAnswer(errors, operation, answer.data, map),
      };
    },
  };
}

function authorizationOf(auth: JiraAuth): string {
  switch (auth.type) {
    case "api-token":
      return basic(auth.email, auth.token);
    case "basic":
      return basic(auth.username, auth.password);
    case "personal-token":
      return `Bearer ${auth.token}`;
    case "oauth":
      return `Bearer ${auth.accessToken}`;
  }
}

function basic(name: string, secret: string): string {
  return `Basic ${Buffer.from(`${name}:${secret}`).toString("base64")}`;
}
