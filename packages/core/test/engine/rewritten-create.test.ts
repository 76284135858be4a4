import { describe, expect, test } from "vitest";
import { createGitHubWorld, poll, provider } from "../support/github-world.ts";

/** The provider of a tracker that keeps one form of a text alone, and of titles no more than their beginning. */
function withOneForm(base: typeof provider): typeof provider {
  const { create } = base;
  if (create === undefined) throw new TypeError("It writes.");
  const inOneForm = (body: string) => body.replace(/^\* /gm, "- ");
  return {
    ...base,
    create: {
      ...create,
      create: (call, request) =>
        create.create(call, { ...request, title: request.title.slice(0, 20), body: inOneForm(request.body) }),
    },
  };
}

async function setUp(direction: "two-way" | "out") {
  const world = await createGitHubWorld({ provider: withOneForm(provider) });
  const { app, github } = world;
  const rule = { direction };
  await app.sources.create({
    name: "Ours",
    provider: "github",
    auth: { type: "token", token: github.token },
    targets: [{ projectId: "web", container: "acme/web" }],
    mapping: { fields: { title: rule, description: rule } },
  });
  const text = { title: "Total is wrong with a voucher", description: "* one\n* two" };
  const { id } = await app.defects.create({ projectId: "web", ...text });
  const link = await app.defects.push(id);
  const mark = github.mark();
  await poll(world, 2);
  const writes = github.requestsSince(mark).filter(({ method }) => method === "PATCH");
  const { items } = await app.activity.list({ linkId: link.id });
  const told = items.filter(({ type }) => type === "conflict-recorded" || type === "field-refused");
  return { world, app, id, text, link, writes, told: told.map(({ type, data }) => ({ type, ...data })) };
}

describe("a text that a create's answer has otherwise than it was sent", () => {
  test("comes in, and what the defect said is recorded", async () => {
    const { app, id, link, writes, told } = await setUp("two-way");
    expect(link.status).toBe("synced");
    expect(await app.defects.get(id)).toMatchObject({ title: "Total is wrong with", description: "- one\n- two" });
    expect(writes).toEqual([]);
    expect(told).toHaveLength(2);
    const type = "conflict-recorded";
    expect(told).toContainEqual(
      expect.objectContaining({ type, field: "description", local: "* one\n* two", winner: "remote" }),
    );
    expect(told).toContainEqual(
      expect.objectContaining({ type, field: "title", local: "Total is wrong with a voucher" }),
    );
  });

  test("leaves the defect as it is where nothing comes in, and what is changed goes out", async () => {
    const { world, app, id, text, link, writes, told } = await setUp("out");
    expect(link.status).toBe("synced");
    expect(await app.defects.get(id)).toMatchObject(text);
    expect([writes, told]).toEqual([[], []]);
    await app.defects.update(id, { description: "- three" });
    await poll(world);
    expect(world.github.issue("acme/web", 1)?.body).toContain("- three");
  });
});
