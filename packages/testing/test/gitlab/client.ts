import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "vitest";
import { createFakeGitLab, type FakeGitLab, type FakeGitLabOptions } from "../../src/gitlab/index.ts";

/** Where GitLab's own contract is; it is not part of this repository. */
const folder = join(
  process.env["BACKREF_CONTRACTS"] ?? join(import.meta.dirname, "../../../../../shared/contracts"),
  "gitlab",
);

export const hasContract: boolean = existsSync(join(folder, "gitlab-v4.extract.openapi.yaml"));

/** Ends a test that is about nothing without the contract. */
export function needContract(context: TestContext): void {
  if (!hasContract) context.skip("contracts: GitLab's extract is not in the folder that BACKREF_CONTRACTS names");
}

/** What JSON may be: tests look into answers of every shape. */
export type Loose = ReturnType<typeof JSON.parse>;

export const project = "acme/shop/web";
export const web: string = `/projects/${encodeURIComponent(project)}`;

export function setUp(options: FakeGitLabOptions = {}) {
  const fake = createFakeGitLab({
    projects: [project, "acme/shop/api", "other/tools"],
    ...(hasContract && { contractFolder: folder }),
    webhooks: "manual",
    ...options,
  });
  return { fake, call: createClient(fake) };
}

/** Sends requests below `/api/v4`. */
export function createClient(fake: FakeGitLab) {
  return async (method: string, path: string, body?: unknown, token: string | null = fake.token) => {
    const response = await fake.fetch(`${fake.siteUrl}/api/v4${path}`, {
      method,
      headers: { ...(token !== null && { "private-token": token }), "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as Loose };
  };
}
