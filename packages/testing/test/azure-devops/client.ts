import { expect } from "vitest";
import { contractFolder as folderOf } from "../../../../tests/support/contracts.ts";
import { loadAzureDevOpsContract } from "../../src/azure-devops/contract.ts";
import type { FakeAzureDevOps } from "../../src/azure-devops/index.ts";
import { allOperations, operationName } from "../../src/azure-devops/router.ts";

export const contractFolder: string = folderOf("azure-devops");

export interface Answer<Body = unknown> {
  readonly status: number;
  readonly headers: Headers;
  /** Text where the answer is not JSON. */
  readonly body: Body;
}

export interface CallOptions {
  /** Value of the header `Authorization`; null for none. */
  readonly authorization?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** Null for none. @default the newest, in preview where the operation is */
  readonly version?: string | null;
  readonly send?: typeof fetch;
}

/** What JSON may be: tests look into answers of every shape. */
export type Loose = ReturnType<typeof JSON.parse>;

export type Client = (method: string, path: string, body?: unknown, options?: CallOptions) => Promise<Answer<Loose>>;

export function basic(secret: string): string {
  return `Basic ${btoa(`:${secret}`)}`;
}

/** Sends requests below the organisation and holds every successful answer of Services against Microsoft's contract. */
export function createClient(fake: FakeAzureDevOps): Client {
  return async (method, path, body, options = {}) => {
    const authorization = options.authorization === undefined ? basic(fake.token) : options.authorization;
    const newest = fake.deployment === "services" ? "7.1" : "7.0";
    const usual = /\/comments|connectionData/.test(path) ? `${newest}-preview` : newest;
    const version = options.version === undefined ? usual : options.version;
    const isPatch = Array.isArray(body);
    const headers = {
      ...(authorization !== null && { authorization }),
      "content-type": isPatch ? "application/json-patch+json" : "application/json",
      ...options.headers,
    };
    const init: RequestInit = { method, headers, redirect: "manual" };
    if (body !== undefined) init.body = typeof body === "string" ? body : JSON.stringify(body);
    const query = version === null ? "" : `${path.includes("?") ? "&" : "?"}api-version=${version}`;
    const response = await (options.send ?? fake.fetch)(`${fake.url}${path}${query}`, init);
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
    const answer = { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
    checkAnswer(fake, method, answer);
    return answer;
  };
}

/** Shown by the service, and not in the contract of 7.1. */
const undeclared = ["multilineFieldsFormat", "states", "isRecurring"];

function checkAnswer(fake: FakeAzureDevOps, method: string, answer: Answer<Loose>): void {
  const { operation = "unknown" } = fake.requests.at(-1) ?? {};
  if (answer.status >= 300 || fake.deployment !== "services" || !operation.startsWith("/")) return;
  if (typeof answer.body === "string") return;
  const documented = allOperations.filter(({ isUndocumented }) => isUndocumented !== true).map(operationName);
  const contract = loadAzureDevOpsContract(contractFolder, documented);
  const name = operationName({ method: method as "GET", template: operation });
  if (contract === null || !documented.includes(name)) return;
  // Lists stand in an envelope that the contract does not tell of, and what has no value is null.
  const body = withoutNulls(Array.isArray(answer.body.value) ? answer.body.value : answer.body);
  const complaints = contract.checkResponse(name, 200, body);
  const told = complaints.filter((text) => !undeclared.some((member) => text.includes(`/${member}`)));
  expect(told, name).toEqual([]);
}

function withoutNulls(value: Loose): Loose {
  if (Array.isArray(value)) return value.filter((entry) => entry !== null).map(withoutNulls);
  if (typeof value !== "object") return value;
  const kept = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(kept.map(([name, member]) => [name, withoutNulls(member)]));
}

/** An operation of JSON Patch that sets a field. */
export function set(name: string, value: unknown, op: "add" | "replace" = "add") {
  return { op, path: `/fields/${name}`, value };
}

/** Tests the revision, as the first operation. */
export function test(rev: number) {
  return { op: "test", path: "/rev", value: rev };
}
