import { contractFolder, hasContract } from "../../../../tests/support/contracts.ts";
import { createFakeGitLab, type FakeGitLab, type FakeGitLabOptions } from "../../src/gitlab/index.ts";

/** What JSON may be: tests look into answers of every shape. */
export type Loose = ReturnType<typeof JSON.parse>;

export const project = "acme/shop/web";
export const web: string = `/projects/${encodeURIComponent(project)}`;

export function setUp(options: FakeGitLabOptions = {}) {
  const fake = createFakeGitLab({
    projects: [project, "acme/shop/api", "other/tools"],
    ...(hasContract("gitlab") && { contractFolder: contractFolder("gitlab") }),
    webhooks: "manual",
    ...options,
  });
  return { fake, call: createClient(fake) };
}

/** Sends requests below `/api/v4`. */
function createClient(fake: FakeGitLab) {
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
