import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { addGitHubSource, createGitHubWorld, type GitHubWorld, poll, settle } from "../support/github-world.ts";

const page = readFileSync(new URL("../../../../docs/providers/github.md", import.meta.url), "utf8");
const hour = 3_600_000;

/** A world with one defect in step, labels and account known, and webhooks that a test delivers. */
async function createSteadyWorld() {
  const world = await createGitHubWorld();
  const source = await addGitHubSource(world);
  const { endpoint } = await world.app.sources.webhook(source.id);
  await world.app.sources.registerWebhooks(source.id, { url: `https://host.example.com/hooks/${endpoint}` });
  const create = (fields: object = {}) =>
    world.app.defects.create({ projectId: "web", title: "Total is wrong", priority: "major", ...fields });
  const { id } = await create();
  await world.app.defects.push(id);
  const deliver = async () => {
    while (world.github.webhooks.pending.length > 0) {
      const { url, headers, body } = world.github.webhooks.drop();
      await world.backref.webhooks.handle(new Request(url, { method: "POST", headers, body }), { endpoint });
    }
    await settle(world);
  };
  await poll(world, 2);
  await deliver();
  return { ...world, world, source, id, create, deliver, lena: world.github.as("lena") };
}

type Steady = Awaited<ReturnType<typeof createSteadyWorld>>;

/** What the first column of the table says, done. */
const operations: Readonly<Record<string, (steady: Steady) => Promise<unknown>>> = {
  "push a defect": async ({ app, create }) => app.defects.push((await create()).id),
  "push one that is closed": async ({ app, create }) => app.defects.push((await create({ status: "closed" })).id),
  "push it again": ({ app, id }) => app.defects.push(id),
  "change title, description or status": async ({ app, id, world }) => {
    await app.defects.update(id, { title: "Total is off by one", description: "By one", status: "closed" });
    await settle(world);
  },
  "three edits before a pass": async ({ app, id, world }) => {
    for (const title of ["One", "Two", "Three"]) await app.defects.update(id, { title });
    await settle(world);
  },
  "change the priority": async ({ app, id, world }) => {
    await app.defects.update(id, { priority: "critical" });
    await settle(world);
  },
  "write a comment": async ({ app, id, world }) => {
    await app.comments.add({ defectId: id, body: "Happens on Mondays" });
    await settle(world);
  },
  "a delivery that tells nothing new": async ({ lena, deliver }) => {
    lena.addLabel("acme/web", 1, "not-ours");
    await deliver();
  },
  "a burst of deliveries": async ({ lena, deliver }) => {
    lena.editIssue("acme/web", 1, { title: "Total is off by one" });
    lena.editIssue("acme/web", 1, { body: "By one" });
    lena.closeIssue("acme/web", 1);
    await deliver();
  },
  "a comment by delivery": async ({ lena, deliver }) => {
    lena.comment("acme/web", 1, "Fixed");
    await deliver();
  },
  "an idle poll": async ({ world }) => poll(world),
  "refresh 1,000 issues": async ({ app, github, lena, source }) => {
    for (let number = 2; number <= 1_000; number += 1) lena.createIssue("acme/web", { title: `${number}` });
    const references = Array.from({ length: 999 }, (_, index) => ({
      object: { type: "test-case" as const, id: `TC-${index}`, projectId: "web" },
      sourceId: source.id,
      issue: `#${index + 2}`,
      relation: "relates-to",
    }));
    await app.references.addMany(references);
    const mark = github.mark();
    await app.issues.refresh({ sourceId: source.id });
    return mark;
  },
  "open a picker": ({ app, source }) => app.issues.search({ projectId: "web", sourceId: source.id, text: "" }),
  "search for words": ({ app, source }) =>
    app.issues.search({ projectId: "web", sourceId: source.id, text: "total wrong" }),
  "push 50 defects at once": async ({ app, create, github }) => {
    const ids: string[] = [];
    for (let number = 1; number <= 50; number += 1) ids.push((await create({ title: `Fault ${number}` })).id);
    const mark = github.mark();
    await app.defects.pushMany(ids);
    return mark;
  },
  "the look at up to 100 links, once an hour": async ({ world, github }) => {
    for (let quarter = 0; quarter < 3; quarter += 1) await world.time.advance(hour / 4);
    await settle(world);
    const mark = github.mark();
    await world.time.advance(hour / 4);
    await settle(world);
    return mark;
  },
};

/** Rows of the table below the heading: operation, requests, and which. */
function documentedRows(): readonly (readonly [operation: string, count: string, requests: string])[] {
  const [, section = ""] = page.split("\n## Requests\n");
  const [table = ""] = /^\|[\s\S]*?\n\n/m.exec(section) ?? [];
  return table
    .trim()
    .split("\n")
    .slice(2)
    .map((row) => row.split("|").map((cell) => cell.trim()))
    .map(([, operation = "", count = "", requests = ""]) => [operation, count, requests]);
}

const short: Readonly<Record<string, string>> = {
  "POST graphql": "read",
  "GET /search/issues": "search",
  "POST /repos/{owner}/{repo}/issues": "create",
  "PATCH /repos/{owner}/{repo}/issues/{issue_number}": "write",
  "GET /repos/{owner}/{repo}/issues/{issue_number}": "read back",
  "POST /repos/{owner}/{repo}/issues/{issue_number}/labels": "add label",
  "DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}": "remove label",
  "POST /repos/{owner}/{repo}/issues/{issue_number}/comments": "comment",
  "GET /repos/{owner}/{repo}/issues/{issue_number}/comments": "list comments",
  "GET /repos/{owner}/{repo}/issues": "poll issues",
  "GET /repos/{owner}/{repo}/issues/comments": "poll comments",
  "GET /repos/{owner}/{repo}/hooks": "list hooks",
  "GET /repos/{owner}/{repo}/hooks/{hook_id}/deliveries": "list deliveries",
};

function told(world: GitHubWorld, mark: number): { readonly count: string; readonly requests: string } {
  const requests = world.github.requestsSince(mark);
  const counted = requests.filter(({ status }) => status !== 304);
  const free = requests.length - counted.length;
  const names = requests.map(({ method, operation, status }) => {
    const name = short[`${method} ${operation}`] ?? `${method} ${operation}`;
    return status === 304 ? `${name} (304)` : name;
  });
  const count = free === 0 ? String(counted.length) : `${counted.length}, and ${free} that cost nothing`;
  return { count, requests: [...new Set(names)].join(", ") || "none" };
}

describe("requests per operation, as the page about GitHub lists them", () => {
  const rows = documentedRows();

  beforeAll(async () => {
    await createSteadyWorld();
  }, 30_000);

  test("all of them are there", () => {
    expect(rows.map(([operation]) => operation).sort()).toEqual(Object.keys(operations).sort());
  });

  test.each(rows)("%s: %s", { timeout: 30_000 }, async (operation, count, requests) => {
    const steady = await createSteadyWorld();
    const before = steady.github.mark();
    const mark = await operations[operation]?.(steady);
    expect(told(steady.world, typeof mark === "number" ? mark : before)).toEqual({ count, requests });
  });
});
