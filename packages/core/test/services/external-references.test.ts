import { describe, expect, test } from "vitest";
import type { Storage } from "../../src/index.ts";
import { addGitHubSource, createGitHubWorld, type GitHubWorld } from "../support/github-world.ts";
import { storages } from "../support/storages.ts";

/** Five kinds of test objects, defects, and one that the host made up. */
const types = ["test-case", "test-run", "test-session", "milestone", "test-result", "defect", "requirement"];
const testCase = { type: "test-case", id: "TC-7", projectId: "web" };

/** A tracker with three issues, a source for project `web`, and somebody who works there. */
async function createSetUp(storage: Storage) {
  const world = await createGitHubWorld({ storage, repositories: ["acme/web", "acme/api"] });
  for (const title of ["Total is wrong", "Voucher is ignored", "Login fails"]) {
    world.github.as("lena").createIssue("acme/web", { title, assignees: ["lena"], labels: ["bug"] });
  }
  const source = await addGitHubSource(world);
  const max = world.backref.as({ tenantId: "acme", userId: "max", projects: { web: "member" } });
  return { ...world, source, max };
}

const keysOf = (items: readonly { readonly issue: { readonly key: string } }[]) => items.map(({ issue }) => issue.key);

describe.each(storages())("test objects of any kind linked to issues, on %s", (_name, create) => {
  test("an admin sets up source and relation, and everybody in the project links with them", async () => {
    const world = await createSetUp(await create());
    const covers = await world.app.relations.create({ name: "Covers", inverseName: "Is covered by" });
    const options = await world.max.references.options({ projectId: "web" });
    expect(options.sources).toMatchObject([{ id: world.source.id, provider: "github", container: "acme/web" }]);
    expect(options.relations.map(({ name }) => name)).toEqual(["Relates to", "Defect", "Blocks", "Covers"]);
    const { reference } = await world.max.references.add({ object: testCase, issue: "#1", relation: covers.id });
    expect(reference.relation).toMatchObject({ name: "Covers", inverseName: "Is covered by", kind: "general" });
  });

  test("a case is linked to an issue as Defect, and its status and assignee appear", async () => {
    const world = await createSetUp(await create());
    const { issue } = await world.max.references.add({ object: testCase, issue: "acme/web#1", relation: "defect" });
    expect(issue).toMatchObject({
      key: "acme/web#1",
      url: "https://github.com/acme/web/issues/1",
      title: "Total is wrong",
      status: { category: "open" },
      assignee: { login: "lena" },
      labels: ["bug"],
      state: "live",
      ageMs: 0,
    });
    world.github.as("lena").closeIssue("acme/web", 1);
    await world.max.issues.refresh({ object: testCase });
    const [shown] = (await world.max.references.list({ object: testCase })).items;
    expect(shown).toMatchObject({ relation: { kind: "defect" }, issue: { status: { category: "closed" } } });
  });

  test.each(types)("a %s", async (type) => {
    const world = await createSetUp(await create());
    const object = { type, id: "X-1", projectId: "web" };
    const { reference } = await world.max.references.add({ object, issue: "#1", relation: "relates-to" });
    expect((await world.max.references.list({ object })).items).toEqual([reference]);
    expect(reference.object).toEqual(object);
  });

  test("several issues per object, and several objects per issue, which is read once", async () => {
    const world = await createSetUp(await create());
    const inputs = types.flatMap((type) =>
      ["#1", "#2", "#3"].map((issue) => ({
        object: { type, id: "X-1", projectId: "web" },
        issue,
        relation: "relates-to",
      })),
    );
    const mark = world.github.mark();
    const outcomes = await world.max.references.addMany(inputs);
    expect(outcomes.map((outcome) => outcome.ok && outcome.created)).toEqual(inputs.map(() => true));
    expect(world.github.requestsSince(mark)).toHaveLength(1);
    const ofRun = await world.max.references.list({ object: { type: "test-run", id: "X-1" } });
    expect(keysOf(ofRun.items)).toEqual(["acme/web#1", "acme/web#2", "acme/web#3"]);
    const ofIssue = await world.max.references.list({ issueId: ofRun.items[0]?.issue.id ?? "" });
    expect(ofIssue.items.map(({ object }) => object.type).sort()).toEqual([...types].sort());
  });

  test("the same link twice changes nothing and answers the first", async () => {
    const world = await createSetUp(await create());
    const first = await world.max.references.add({ object: testCase, issue: "#1", relation: "defect" });
    const mark = world.github.mark();
    for (const issue of ["#1", "ACME/Web#1", "https://github.com/acme/web/issues/1#issuecomment-1"]) {
      const again = await world.app.references.add({ object: testCase, issue, relation: "defect" });
      expect(again).toMatchObject({ created: false, reference: { id: first.reference.id, createdBy: "max" } });
    }
    expect(world.github.requestsSince(mark)).toEqual([]);
    expect((await world.max.references.list({ object: testCase })).items).toHaveLength(1);
    expect((await world.app.activity.list({ referenceId: first.reference.id })).items).toHaveLength(1);
  });

  test("the source is found from a URL by itself", async () => {
    const world = await createSetUp(await create());
    const second = await world.app.sources.create({
      name: "Enterprise",
      provider: "github",
      baseUrl: "https://git.example.com/api/v3",
      auth: { type: "token", token: world.github.token },
    });
    const add = (issue: string) => world.max.references.add({ object: testCase, issue, relation: "relates-to" });
    expect((await add("https://git.example.com/acme/web/issues/2")).reference.sourceId).toBe(second.id);
    expect((await add("https://github.com/acme/web/issues/2")).reference.sourceId).toBe(world.source.id);
    expect((await add("#3")).reference.sourceId).toBe(world.source.id);
    await expect(add("https://gitlab.example.com/acme/web/issues/2")).rejects.toMatchObject({
      code: "issue-not-recognised",
    });
  });

  test("a relation that is switched off stays with the references that have it, and new ones are refused", async () => {
    const world = await createSetUp(await create());
    const before = await linkTwo(world);
    await world.app.relations.disable("blocks");
    expect(await shown(world)).toEqual(before);
    expect((await world.max.references.options({ projectId: "web" })).relations.map(({ id }) => id)).toEqual([
      "relates-to",
      "defect",
    ]);
    const again = { object: testCase, issue: "#3", relation: "blocks" };
    await expect(world.max.references.add(again)).rejects.toMatchObject({ code: "invalid-input" });
    await expect(world.max.references.update(before[0]?.id ?? "", { relation: "blocks" })).rejects.toMatchObject({
      code: "invalid-input",
    });
    await world.app.relations.enable("blocks");
    expect((await world.max.references.add(again)).created).toBe(true);
  });

  test("a source that is switched off keeps its references readable, and new ones are refused", async () => {
    const world = await createSetUp(await create());
    const before = await linkTwo(world);
    await world.app.sources.update(world.source.id, { enabled: false });
    expect(await shown(world)).toEqual(before);
    expect((await world.max.references.options({ projectId: "web" })).sources).toEqual([]);
    for (const sourceId of [{}, { sourceId: world.source.id }]) {
      const refusal = world.max.references.add({ object: testCase, issue: "#3", relation: "defect", ...sourceId });
      await expect(refusal).rejects.toMatchObject({ code: "source-not-runnable" });
    }
    const [reference] = before;
    expect(await world.max.issues.get(reference?.issue.id ?? "")).toMatchObject({ title: "Total is wrong" });
    await world.max.references.update(reference?.id ?? "", { relation: "defect" });
    await world.max.references.remove(reference?.id ?? "");
    await world.app.sources.update(world.source.id, { enabled: true });
    await world.max.references.add({ object: testCase, issue: "#3", relation: "defect" });
    expect(keysOf(await shown(world))).toEqual(["acme/web#2", "acme/web#3"]);
  });

  test("a source that is no longer for links keeps its references, and neither new ones nor copies are made", async () => {
    const world = await createSetUp(await create());
    const before = await linkTwo(world);
    await world.app.sources.update(world.source.id, { features: ["read"] });
    expect(await shown(world)).toEqual(before);
    const refusal = world.max.references.add({ object: testCase, issue: "#3", relation: "defect" });
    await expect(refusal).rejects.toMatchObject({ code: "capability-missing" });
    const { kept } = await world.max.references.copy({ from: testCase, to: { ...testCase, id: "TC-8" } });
    expect(kept.map(({ error }) => error.code)).toEqual(["capability-missing", "capability-missing"]);
    const moved = await world.max.references.move({ from: testCase, to: { ...testCase, id: "TC-8" } });
    expect(moved).toEqual({ transferred: 2, merged: 0, kept: [] });
  });

  test("a defect that is deleted leaves no reference, and its issue stays", async () => {
    const world = await createSetUp(await create());
    const defect = await world.app.defects.create({ projectId: "web", title: "One" });
    const object = { type: "defect", id: defect.id, projectId: "web" };
    const { reference } = await world.app.references.add({ object, issue: "#1", relation: "defect" });
    await world.app.references.add({ object, issue: "#2", relation: "relates-to" });
    await world.app.references.add({ object: testCase, issue: "#2", relation: "relates-to" });
    await world.app.defects.delete(defect.id);
    expect((await world.app.references.list({ object })).items).toEqual([]);
    expect(keysOf(await shown(world))).toEqual(["acme/web#2"]);
    expect(world.github.issue("acme/web", 1)?.state).toBe("open");
    expect((await world.app.activity.list({ referenceId: reference.id })).items[0]).toMatchObject({
      type: "reference-removed",
      data: { projectId: "web", object: { type: "defect", id: defect.id } },
    });
  });
});

/** Both with `relates-to` and `blocks`, as people see them. */
async function linkTwo(world: Awaited<ReturnType<typeof createSetUp>>) {
  await world.max.references.add({ object: testCase, issue: "#1", relation: "relates-to" });
  await world.max.references.add({ object: testCase, issue: "#2", relation: "blocks" });
  return await shown(world);
}

async function shown({ max }: { readonly max: GitHubWorld["app"] }) {
  const { items } = await max.references.list({ object: testCase });
  for (const item of items) expect(await max.references.get(item.id)).toEqual(item);
  expect((await max.references.list({ projectId: "web" })).items).toEqual(items);
  return items;
}

describe("an issue on GitHub is added by whatever people paste", () => {
  const url = "https://github.com/acme/web/issues/2";
  const pasted: readonly (readonly [string, string])[] = [
    ["a number", "2"],
    ["a key", "#2"],
    ["GitHub's own prefix", "GH-2"],
    ["a whole key", "acme/web#2"],
    ["a key in another case", "Acme/WEB#2"],
    ["a key with its title", "#2 Voucher is ignored"],
    ["a line of a list", "#2 opened yesterday by lena"],
    ["a key in brackets", "[acme/web#2]"],
    ["a key at the end of a sentence", "acme/web#2."],
    ["a URL", url],
    ["a query", `${url}?notification_referrer_id=NT_1&x=%20`],
    ["a fragment", `${url}#issuecomment-99`],
    ["a query and a fragment", `${url}?a=b#issue-2`],
    ["a trailing slash", `${url}/`],
    ["a full stop", `${url}.`],
    ["a comma and more", `${url}, please`],
    ["its title behind it", `${url} Voucher is ignored · Issue #2 · acme/web`],
    ["its title before it", `Voucher is ignored ${url}`],
    ["angle brackets", `<${url}>`],
    ["parentheses", `(see ${url})`],
    ["double quotes", `"${url}"`],
    ["single quotes", `'${url}'`],
    ["curly quotes", `“${url}”`],
    ["a link in Markdown", `[Voucher is ignored](${url})`],
    ["a link in Markdown with a key", `[#2](${url}).`],
    ["a link of Slack's", `<${url}|acme/web#2>`],
    ["a link in HTML", `<a href="${url}">#2</a>`],
    ["space and line breaks", `\n  ${url} \n`],
    ["http", "http://github.com/acme/web/issues/2"],
    ["no scheme", "github.com/acme/web/issues/2"],
    ["no scheme, in angle brackets", "<github.com/acme/web/issues/2>"],
    ["www.", "https://www.github.com/acme/web/issues/2"],
    ["the name that bots use", "https://redirect.github.com/acme/web/issues/2"],
    ["the API's address", "https://api.github.com/repos/acme/web/issues/2"],
    ["another case", "HTTPS://GITHUB.COM/Acme/Web/issues/2"],
    ["a pull request's address", "https://github.com/acme/web/pull/2/files"],
    ["a board with the issue open", "https://github.com/orgs/acme/projects/1?pane=issue&itemId=9&issue=acme%7Cweb%7C2"],
    ["marks that nobody sees", `\u200B${url}\u200B`],
  ];

  test("the same issue each time", async () => {
    const world = await createGitHubWorld();
    for (const title of ["One", "Two"]) world.github.as("lena").createIssue("acme/web", { title });
    const source = await addGitHubSource(world);
    const issueIds = new Set<string>();
    for (const [index, [what, issue]] of pasted.entries()) {
      const object = { type: "test-case", id: `TC-${index}`, projectId: "web" };
      const named = index % 2 === 0 ? { sourceId: source.id } : {};
      const added = await world.app.references.add({ object, issue, relation: "defect", ...named });
      expect(added.issue, what).toMatchObject({ key: "acme/web#2", title: "Two" });
      issueIds.add(added.issue.id);
    }
    expect(issueIds.size).toBe(1);
  });

  test.each([
    ["prose", "the second one", "no source"],
    ["a number in prose", "2 of them", "no source"],
    ["another host", "https://github.example.com/acme/web/issues/2", "no source"],
    ["a host that dresses up", "https://github.com.evil.example/acme/web/issues/2", "no source"],
    ["another page", "https://github.com/acme/web/wiki/2", "no source"],
    ["several issues", `${url} https://github.com/acme/web/issues/1`, "several issues"],
    ["several keys", "#1, #2", "several issues (#1, #2)"],
  ])("%s names none", async (_what, issue, words) => {
    const world = await createGitHubWorld();
    const source = await addGitHubSource(world);
    const message = expect.stringContaining(words);
    const add = world.app.references.add({ object: testCase, issue, relation: "defect" });
    await expect(add).rejects.toMatchObject({ code: "issue-not-recognised", message });
    const inSource = world.app.references.add({ object: testCase, issue, relation: "defect", sourceId: source.id });
    await expect(inSource).rejects.toMatchObject({ code: "issue-not-recognised" });
  });
});
