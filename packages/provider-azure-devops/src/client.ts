import { Buffer } from "node:buffer";
import type { JsonValue, ProviderCall } from "@backref/core/provider";
import {
  createTransport,
  mapAnswer,
  type Operation,
  parseShape,
  readAnswer,
  type TransportOptions,
  unlessGivenUp,
} from "@backref/provider-kit";
import { z } from "zod";
import { askedToWait, errors, fromAnswer } from "./errors.ts";
import type { Pace } from "./rate-limits.ts";
import { type Deployment, deploymentOf, isServicesHost } from "./site.ts";
import type { AzureDevOpsAuth, AzureDevOpsOptions, EntraTokenRequest } from "./types.ts";

export type AzureDevOpsCall = ProviderCall<AzureDevOpsAuth, AzureDevOpsOptions>;

export interface ClientSettings extends Pick<TransportOptions, "timeoutMs" | "maxAnswerBytes"> {
  readonly userAgent: string;
  readonly pace: Pace;
  readonly entraToken: ((request: EntraTokenRequest) => Promise<string>) | null;
}

/** Makes the client of one call. Costs nothing until it is used. */
export type OpenClient = (call: AzureDevOpsCall) => AzureDevOpsClient;

export type Method = "GET" | "POST" | "PATCH" | "DELETE";

/** One step of a JSON Patch: https://learn.microsoft.com/rest/api/azure/devops/wit/work-items/update */
export interface PatchStep {
  readonly op: "add" | "replace" | "remove" | "test";
  readonly path: string;
  readonly value?: JsonValue;
}

export interface RequestContent {
  readonly query?: Readonly<Record<string, string | number | boolean | null | undefined>>;
  /** JSON. */
  readonly body?: unknown;
  readonly patch?: readonly PatchStep[];
  /** Bytes, streamed. */
  readonly file?: { readonly content: ReadableStream<Uint8Array>; readonly sizeBytes: number };
  /** Behind the version of the API, for what is no final part of it. */
  readonly preview?: number;
}

export interface AzureDevOpsAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Maps the content, and tells a wrong shape as a `ProviderError`. */
  as<Value>(map: (data: unknown) => Value): Value;
}

export interface AzureDevOpsClient {
  readonly deployment: Deployment;
  /** Throws `ProviderError`s only. `path` follows the base URL and begins with `/`. */
  request(operation: Operation, method: Method, path: string, content?: RequestContent): Promise<AzureDevOpsAnswer>;
}

/** Server 2022 speaks 7.0 at least. */
const versions: Readonly<Record<Deployment, string>> = { services: "7.1", server: "7.0" };

export function createClient(call: AzureDevOpsCall, settings: ClientSettings): AzureDevOpsClient {
  const send = createTransport(call, settings);
  const deployment = deploymentOf(call);
  let isFirst = true;
  return {
    deployment,
    async request(operation, method, path, content = {}) {
      // What an operation has begun it ends.
      const waitMs = isFirst ? settings.pace.waitMs(call) : 0;
      if (waitMs > 0) throw askedToWait(operation, waitMs);
      isFirst = false;
      const url = new URL(call.baseUrl + path);
      for (const [name, value] of Object.entries(content.query ?? {})) {
        if (value !== null && value !== undefined) url.searchParams.set(name, String(value));
      }
      const { preview } = content;
      const version = `${versions[deployment]}${preview === undefined ? "" : `-preview.${preview}`}`;
      url.searchParams.set("api-version", version);
      const headers = {
        accept: "application/json",
        authorization: await authorizationOf(operation, call, settings),
        "user-agent": settings.userAgent,
        // Without it a refused credential is answered with a redirect to a page.
        "x-tfs-fedauthredirect": "Suppress",
      };
      const init = { method, ...withContent(headers, content) };
      const answer = await readAnswer({ errors, clock: call.clock }, operation, () => send(url.href, init));
      if (answer.status < 200 || answer.status >= 300) throw fromAnswer(operation, answer, call.clock.now());
      settings.pace.note(call, answer.headers);
      return {
        status: answer.status,
        headers: answer.headers,
        as: (map) => mapAnswer(errors, operation, answer.data, map),
      };
    },
  };
}

function withContent(
  headers: Readonly<Record<string, string>>,
  { body, patch, file }: RequestContent,
): Pick<RequestInit, "headers" | "body"> & { readonly duplex?: "half" } {
  const typed = (type: string) => ({ ...headers, "content-type": type });
  if (file !== undefined) {
    const sized = { ...typed("application/octet-stream"), "content-length": String(file.sizeBytes) };
    return { headers: sized, body: file.content, duplex: "half" };
  }
  if (patch !== undefined) return { headers: typed("application/json-patch+json"), body: JSON.stringify(patch) };
  return body === undefined ? { headers } : { headers: typed("application/json"), body: JSON.stringify(body) };
}

async function authorizationOf(
  operation: Operation,
  call: AzureDevOpsCall,
  { entraToken }: ClientSettings,
): Promise<string> {
  const { auth, baseUrl, signal } = call;
  if (auth.type === "token") return `Basic ${Buffer.from(`:${auth.token}`).toString("base64")}`;
  if (!isServicesHost(new URL(baseUrl).hostname)) {
    const message = "Tokens of Microsoft Entra are for Azure DevOps Services: give a personal access token.";
    throw errors.build(operation, { failure: "auth", message });
  }
  if (auth.type === "entra-token") return `Bearer ${auth.accessToken}`;
  if (entraToken === null) {
    const message = "This application makes no tokens of Microsoft Entra: give a personal access token.";
    throw errors.build(operation, { failure: "auth", message });
  }
  const asked = async () => entraToken({ identity: auth.identity, baseUrl, signal });
  const token: unknown = await unlessGivenUp(asked(), signal).catch((cause: unknown) => {
    const message = "The application could not get a token of Microsoft Entra for this source. Nothing was sent.";
    throw errors.build(operation, { failure: "retry", message, cause });
  });
  // What else it is does not stand in the error: it may be a token all the same.
  if (typeof token === "string" && /^[\x21-\x7e]+$/.test(token)) return `Bearer ${token}`;
  const message =
    "What the application gave as a token of Microsoft Entra is none: one line without spaces. Nothing was sent.";
  throw errors.build(operation, { failure: "retry", message });
}

const valuesShape = z.object({ value: z.array(z.unknown()) });

/** What stands in a list, as all lists of Azure DevOps have it. */
export function valuesOf(data: unknown): readonly unknown[] {
  return parseShape(valuesShape, data, "answer").value;
}
