import { describe, expect, test } from "vitest";
import { addGitHubSource, createGitHubWorld, type GitHubWorld } from "../support/github-world.ts";

const object = { type: "test-case", id: "TC-1", projectId: "web" };

/** A host whose tracker answers everything with one status, once `answer` has one. */
async function setUp() {
  const answer: { response: (() => Response) | null } = { response: null };
  let requests = 0;
  let world: GitHubWorld | null = null;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    requests += 1;
    return answer.response?.() ?? (world as GitHubWorld).github.fetch(input as Request, init);
  };
  world = await createGitHubWorld({ fetch });
  const { app } = world;
  const source = await addGitHubSource(world);
  const place = { sourceId: source.id, projectId: "web" };
  const asks = {
    "people.search": () => app.people.search({ ...place, text: "ada" }),
    "people.suggest": () => app.people.suggest({ ...place, users: [{ userId: "u", email: "u@example.com" }] }),
    "defects.pushForm": () => app.defects.pushForm({ ...place, fresh: true }),
    "references.add": () => app.references.add({ object, issue: "#1", relation: "relates-to" }),
    "sources.test": () => app.sources.test(source.id),
  };
  const health = async () => (await app.sources.get(source.id)).health;
  const count = async (work: () => Promise<unknown>) => {
    const before = requests;
    await work().catch(() => {});
    return requests - before;
  };
  return { ...world, answer, source, asks, health, count };
}

const names = ["people.search", "people.suggest", "defects.pushForm", "references.add", "sources.test"] as const;

describe("what a person asks the tracker", () => {
  test.each(names)("%s: a tracker that asks to wait makes all wait that shares the credential", async (name) => {
    const { answer, asks, health, count } = await setUp();
    answer.response = () => Response.json({ message: "Slow down" }, { status: 429, headers: { "retry-after": "30" } });
    expect(await count(asks[name])).toBe(1);
    expect(await health()).toMatchObject({ status: "rate-limited" });
    expect(await count(asks["people.search"])).toBe(0);
    expect(await count(asks["references.add"])).toBe(0);
    await expect(asks["people.search"]()).rejects.toMatchObject({
      code: "tracker-rate-limited",
      isRetryable: true,
      retryAfterMs: 30_000,
    });
  });

  test.each(names)("%s: a refused credential stops the source until somebody enters another one", async (name) => {
    const { answer, asks, health, count } = await setUp();
    answer.response = () => Response.json({ message: "Bad credentials" }, { status: 401 });
    expect(await count(asks[name])).toBeGreaterThan(0);
    expect(await health()).toMatchObject({ status: "reconnect-required" });
  });
});
