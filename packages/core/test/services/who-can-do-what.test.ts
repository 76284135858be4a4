import { describe, expect, test } from "vitest";
import type { Actor } from "../../src/index.ts";
import { createWorld, member, owner } from "../support/world.ts";

const targets = [{ projectId: "web", container: "blue" }];
const sourceInput = { name: "Ours", provider: "shelf", auth: { token: "secret-of-ours" } } as const;
const object = { type: "test-case", id: "TC-7", projectId: "web" };

/** A source and a relation for all projects, and a reference in `web`. */
async function createProjects() {
  const world = createWorld();
  world.tracker.put("blue", "1", { title: "It breaks" });
  const host = world.as(owner);
  const source = await host.sources.create({ ...sourceInput, targets });
  const relation = await host.relations.create({ name: "Covers" });
  const { reference, issue } = await host.references.add({ object, issue: "#1", relation: relation.id });
  return { world, host, source, relation, reference, issue };
}

const admin: Actor = { tenantId: "acme", userId: "olga", role: "admin" };

describe("external references: who can do what", () => {
  test("owners and admins of the tenant set up sources and relations for all projects", async () => {
    const { world, source, relation } = await createProjects();
    for (const actor of [owner, admin]) {
      const { sources, relations } = world.as(actor);
      expect(await sources.update(source.id, { name: "Renamed" })).toMatchObject({ projects: null });
      await relations.update(relation.id, { inverseName: "Is covered by" });
      const made = await sources.create({ ...sourceInput, name: "Another" });
      await sources.delete(made.id);
    }
  });

  test("project admins set up those of their own projects, and nobody else's", async () => {
    const { world, source, relation } = await createProjects();
    const { sources, relations } = world.as(member({ web: "admin" }));
    const own = await sources.create({ ...sourceInput, name: "Of web", targets });
    expect(own.projects).toEqual(["web"]);
    await relations.create({ name: "Fixes", projects: ["web"] });
    const denied = { code: "permission-denied" };
    await expect(sources.update(source.id, { name: "Mine" })).rejects.toMatchObject(denied);
    await expect(sources.update(own.id, { projects: ["web", "app"] })).rejects.toMatchObject(denied);
    await expect(relations.disable(relation.id)).rejects.toMatchObject(denied);
    await expect(world.as(member({ app: "admin" })).sources.get(own.id)).rejects.toMatchObject({ code: "not-found" });
  });

  test("everybody in a project sees which sources and relations it may use, without secrets", async () => {
    const { world, source, relation } = await createProjects();
    const { sources, references } = world.as(member({ web: "viewer" }));
    expect(JSON.stringify(await sources.get(source.id))).not.toContain("secret-of-ours");
    const options = await references.options({ projectId: "web" });
    expect(options.sources).toMatchObject([{ id: source.id, container: "blue" }]);
    expect(options.relations.map(({ id }) => id)).toContain(relation.id);
  });

  test("members link, change and remove", async () => {
    const { world, reference } = await createProjects();
    const { references, issues } = world.as(member({ web: "member" }));
    const { reference: own } = await references.add({ object, issue: "#1", relation: "blocks" });
    await references.update(own.id, { relation: "relates-to" });
    await references.remove(own.id);
    await references.remove(reference.id);
    expect(await issues.refresh({ object })).toMatchObject({ requested: 0 });
  });

  test("viewers see issues with status and assignee, and change nothing", async () => {
    const { world, reference, issue } = await createProjects();
    const { references, issues } = world.as(member({ web: "viewer" }));
    expect((await references.list({ object })).items).toMatchObject([{ issue: { title: "It breaks" } }]);
    expect(await issues.get(issue.id)).toMatchObject({ details: "known" });
    const denied = { code: "permission-denied" };
    await expect(references.add({ object, issue: "#1", relation: "blocks" })).rejects.toMatchObject(denied);
    await expect(references.update(reference.id, { relation: "blocks" })).rejects.toMatchObject(denied);
    await expect(references.remove(reference.id)).rejects.toMatchObject(denied);
    expect(await issues.refresh({ ids: [issue.id] })).toMatchObject({ requested: 0 });
  });

  test("people of other projects and other tenants find nothing", async () => {
    const { world, reference, issue } = await createProjects();
    const strangers: readonly Actor[] = [
      member({ app: "admin" }),
      { tenantId: "other", userId: "eve", role: "owner" },
      { tenantId: "acme", userId: "nobody" },
    ];
    for (const stranger of strangers) {
      const { references, issues } = world.as(stranger);
      expect((await references.list({ object })).items).toEqual([]);
      await expect(references.get(reference.id)).rejects.toMatchObject({ code: "not-found" });
      await expect(issues.get(issue.id)).rejects.toMatchObject({ code: "not-found" });
    }
  });
});
