import { expect, test } from "vitest";
import { createGitHubWorld, poll, settle } from "../support/github-world.ts";

const priority = [
  { remote: "Urgent", local: ["blocker"] },
  { remote: "High", local: ["critical"] },
  { remote: "Medium", local: ["major"] },
  { remote: "Low", local: ["minor", "trivial"], primary: "minor" },
];

async function worldWithField() {
  const world = await createGitHubWorld();
  const { github, app } = world;
  github.setOrganization("acme", {
    issueTypes: ["Bug"],
    issueFields: [{ name: "Priority", options: ["Urgent", "High", "Medium", "Low"] }],
  });
  const token = github.createToken({ login: "backref-bot", access: "admin", scopes: ["repo", "read:org"] });
  const source = {
    name: "Fields",
    provider: "github",
    auth: { type: "token" as const, token },
    options: { priorityField: "Priority" },
    targets: [{ projectId: "web", container: "acme/web", issueType: "Bug", defaults: { severity: 1 } }],
  } as const;
  const push = async () => {
    const defect = await app.defects.create({ projectId: "web", title: "One", priority: "critical" });
    return { defect, link: await app.defects.push(defect.id) };
  };
  return { world, source, push };
}

const field = (world: Awaited<ReturnType<typeof worldWithField>>["world"]) =>
  world.github.issue("acme/web", 1)?.fields["Priority"];

test("a priority in an organization's field travels both ways, and no label is made for it", async () => {
  const { world, source, push } = await worldWithField();
  const { github, app } = world;
  await app.sources.create({ ...source, mapping: { priority } });
  const { defect, link } = await push();
  expect(link).toMatchObject({ status: "synced", issue: { priority: "High", type: "Bug" } });
  expect(github.labels("acme/web")).toEqual([]);
  await app.defects.update(defect.id, { priority: "blocker" });
  await settle(world);
  expect(field(world)).toBe("Urgent");
  await world.time.advance(5_000);
  github.as("lena").editIssue("acme/web", 1, { fields: { Priority: "Low" } });
  await poll(world, 2);
  expect(await app.defects.get(defect.id)).toMatchObject({ priority: "minor" });
  await app.defects.update(defect.id, { priority: "trivial" });
  const mark = github.mark();
  await poll(world, 2);
  expect(field(world)).toBe("Low");
  const writes = github
    .requestsSince(mark)
    .filter(({ method, operation }) => method !== "GET" && operation !== "graphql");
  expect(writes).toEqual([]);
  expect((await app.defects.link(link.id)).status).toBe("synced");
  expect(github.violations).toEqual([]);
});

test("what a create left out is told once", async () => {
  const { world, source, push } = await worldWithField();
  const mapping = {
    priority: priority.map((entry) => (entry.remote === "High" ? { ...entry, remote: "None" } : entry)),
  };
  await world.app.sources.create({ ...source, mapping });
  const { link } = await push();
  const { items } = await world.app.activity.list({ linkId: link.id });
  const told = items.filter(({ type }) => type === "field-refused").map(({ data }) => data);
  expect(told).toHaveLength(2);
  expect(told).toContainEqual({
    field: "fields",
    reason: 'GitHub has no field "severity" for new issues, so it was left out.',
  });
  expect(told).toContainEqual(
    expect.objectContaining({ field: "priority", reason: expect.stringContaining('has no option "None"') }),
  );
});

test("whoever chooses the field has to say what its values stand for", async () => {
  const { world, source } = await worldWithField();
  const refused = {
    code: "mapping-invalid",
    issues: [{ path: ["mapping", "priority"], message: expect.stringContaining("which of its values") }],
  };
  await expect(world.app.sources.create(source)).rejects.toMatchObject(refused);
  const { id } = await world.app.sources.create({ ...source, options: {} });
  const { options } = source;
  await expect(world.app.sources.update(id, { options })).rejects.toMatchObject(refused);
});

test("a priority that moves from labels to a field re-bases its links, and is not taken for anybody's edit", async () => {
  const { world, source, push } = await worldWithField();
  const { github, app } = world;
  const { id } = await app.sources.create({ ...source, options: {}, mapping: { priority } });
  const { defect, link } = await push();
  expect(github.issue("acme/web", 1)?.labels).toEqual(["High"]);
  await world.time.advance(5_000);
  github.as("lena").editIssue("acme/web", 1, { fields: { Priority: "Low" } });
  await poll(world, 2);
  expect((await app.defects.get(defect.id)).priority).toBe("critical");
  await app.sources.update(id, { options: source.options });
  await app.defects.retry(link.id);
  await poll(world, 2);
  expect((await app.defects.get(defect.id)).priority).toBe("critical");
  expect(github.issue("acme/web", 1)).toMatchObject({ labels: ["High"], fields: { Priority: "Low" } });
  await app.defects.update(defect.id, { priority: "blocker" });
  await settle(world);
  expect(github.issue("acme/web", 1)).toMatchObject({ labels: ["High"], fields: { Priority: "Urgent" } });
  expect((await app.defects.link(link.id)).status).toBe("synced");
});

test("a delivery, which is read without a source's options, asks for a look and is not believed", async () => {
  const { world, source, push } = await worldWithField();
  const { github, app, backref } = world;
  const { id } = await app.sources.create({ ...source, mapping: { priority } });
  const { defect, link } = await push();
  await settle(world);
  await app.sources.registerWebhooks(id, { url: "https://host.example.com/hook" });
  const { endpoint } = await app.sources.webhook(id);
  await world.time.advance(5_000);
  github.as("lena").editIssue("acme/web", 1, { title: "Edited there" });
  while (github.webhooks.pending.length > 0) {
    const { url, headers, body } = github.webhooks.drop();
    await backref.webhooks.handle(new Request(url, { method: "POST", headers, body }), { endpoint });
  }
  expect((await app.defects.link(link.id)).issue?.priority).toBe("High");
  await settle(world);
  expect(await app.defects.link(link.id)).toMatchObject({ status: "synced", issue: { priority: "High" } });
  expect(await app.defects.get(defect.id)).toMatchObject({ title: "Edited there", priority: "critical" });
});
