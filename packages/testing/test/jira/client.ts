import { expect } from "vitest";
import { contractFolder as folderOf } from "../../../../tests/support/contracts.ts";
import { loadJiraContract } from "../../src/jira/contract.ts";
import type { FakeJira } from "../../src/jira/index.ts";
import { allOperations, operationName } from "../../src/jira/router.ts";

export const contractFolder: string = folderOf("jira");

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
  readonly base?: string;
  readonly send?: typeof fetch;
}

/** What JSON may be: tests look into answers of every shape. */
export type Loose = ReturnType<typeof JSON.parse>;

export type Client = (method: string, path: string, body?: unknown, options?: CallOptions) => Promise<Answer<Loose>>;

export function basic(name: string, secret: string): string {
  return `Basic ${btoa(`${name}:${secret}`)}`;
}

/** Sends requests below `/rest/api/N` and holds every successful answer of Cloud against Atlassian's contract. */
export function createClient(fake: FakeJira): Client {
  const isCloud = fake.deployment === "cloud";
  return async (method, path, body, options = {}) => {
    const usual = isCloud ? basic(fake.email, fake.token) : `Bearer ${fake.token}`;
    const authorization = options.authorization === undefined ? usual : options.authorization;
    const headers = {
      ...(authorization !== null && { authorization }),
      "content-type": "application/json",
      ...options.headers,
    };
    const init: RequestInit = { method, headers };
    if (body !== undefined) init.body = typeof body === "string" ? body : JSON.stringify(body);
    const base = options.base ?? `${fake.siteUrl}/rest/api/${isCloud ? "3" : "2"}`;
    const response = await (options.send ?? fake.fetch)(`${base}${path}`, init);
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
    const answer = { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
    checkAnswer(fake, method, answer);
    return answer;
  };
}

function checkAnswer(fake: FakeJira, method: string, answer: Answer): void {
  const { operation = "unknown" } = fake.requests.at(-1) ?? {};
  if (answer.status >= 300 || fake.deployment !== "cloud" || !operation.startsWith("/")) return;
  if (typeof answer.body === "string" && answer.body !== "") return;
  const names = allOperations.filter(({ only }) => only !== "data-center").map(operationName);
  const contract = loadJiraContract(contractFolder, names);
  if (contract === null) return;
  const name = operationName({ method: method as "GET", template: operation });
  const body = answer.body === "" ? undefined : answer.body;
  expect(contract.requests.checkResponse(name, answer.status, body), name).toEqual([]);
}

/** A document of one paragraph. */
export function documentOf(text: string) {
  return { type: "doc", version: 1, content: [{ type: "paragraph", content: [{ type: "text", text }] }] };
}
