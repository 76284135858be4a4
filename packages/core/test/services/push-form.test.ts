import { describe, expect, test } from "vitest";
import { ProviderError } from "../../src/index.ts";
import { createDemands, field, withDemands } from "../support/demanding-tracker.ts";
import { errorOf } from "../support/error-of.ts";
import { addGitHubSource, createGitHubWorld, type GitHubWorldOptions, settle } from "../support/github-world.ts";

const hourMs = 3_600_000;
const issueCreation = { method: "POST", operation: "/repos/{owner}/{repo}/issues" };

async function formWorld(demands = createDemands(), options: GitHubWorldOptions = {}) {
  const world = await createGitHubWorld({ provider: withDemands(demands), ...options });
  const source = await addGitHubSource(world);
  const { app, backref } = world;
  const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
  const defaults = (values: Record<string, string>) =>
    app.sources.update(source.id, {
      targets: { upsert: [{ projectId: "web", container: "acme/web", defaults: values }] },
    });
  const told = async (type: string) =>
    (await app.activity.list({ limit: 100 })).items.filter((row) => row.type === type);
  const target = async () => (await app.sources.get(source.id)).targets[0];
  const form = () => app.defects.pushForm({ projectId: "web" });
  const member = backref.as({ tenantId: "acme", userId: "max", projects: { web: "member" } });
  return { ...world, demands, source, defect, defaults, told, target, form, member };
}

const down = new ProviderError({ failure: "retry", providerId: "github", operation: "form.fields", message: "Down." });

describe("the form before a push", () => {
  test("has the defect's own fields, labels, and the tracker's, with what each may begin with", async () => {
    const { form } = await formWorld();
    const answer = await form();
    expect(answer.fields.map(({ id, by, required }) => `${id} ${by} ${required}`)).toEqual([
      "title defect true",
      "description defect false",
      "priority defect false",
      "labels fields false",
      "team fields true",
    ]);
    expect(answer).toMatchObject({
      container: "acme/web",
      issueType: null,
      requiredFieldsMissing: ["team"],
      isStale: false,
    });
    expect(answer.schema).toMatchObject({
      required: ["team"],
      properties: { team: { title: "Team", oneOf: [{ const: "10", title: "Payments" }, { const: "11" }] } },
    });
  });

  test("costs one request, and none while what is stored is fresh, for whoever asks", async () => {
    const { form, demands, member, time } = await formWorld();
    await Promise.all([form(), form()]);
    await member.defects.pushForm({ projectId: "web" });
    expect(demands.formRequests).toBe(1);
    await time.advance(hourMs);
    await form();
    expect(demands.formRequests).toBe(1);
  });

  test("is shown at once when it is old, and read anew behind the scenes", async () => {
    const { form, demands, time } = await formWorld();
    await form();
    await time.advance(hourMs + 1);
    demands.fields = [field({ id: "area", required: true })];
    const old = await form();
    expect(old).toMatchObject({ isStale: true, requiredFieldsMissing: ["team"] });
    await expect.poll(async () => (await form()).requiredFieldsMissing).toEqual(["area"]);
    expect(demands.formRequests).toBe(2);
  });

  test("is read anew where somebody wants it so, or the credential is another", async () => {
    const { form, demands, app, source, github } = await formWorld();
    await form();
    await app.defects.pushForm({ projectId: "web", fresh: true });
    expect(demands.formRequests).toBe(2);
    await app.sources.update(source.id, { auth: { type: "token", token: github.token } });
    await form();
    expect(demands.formRequests).toBe(3);
  });

  test("is the stored one while the tracker is away, and an error where none is stored", async () => {
    const { form, demands, app, source, github } = await formWorld();
    demands.trouble = down;
    expect((await errorOf(form())).code).toBe("tracker-unavailable");
    demands.trouble = null;
    await form();
    await app.sources.update(source.id, { auth: { type: "token", token: github.token } });
    demands.trouble = down;
    expect(await form()).toMatchObject({ isStale: true, requiredFieldsMissing: ["team"] });
  });

  test("begins with what this person gave last, else with the target's default; what is gone is not offered", async () => {
    const { form, app, member, defect, defaults, demands } = await formWorld();
    await defaults({ team: "10" });
    await member.defects.push(defect.id, { fields: { team: "11" } });
    const teamOf = async (services: typeof app) =>
      (await services.defects.pushForm({ projectId: "web" })).fields.find(({ id }) => id === "team");
    expect(await teamOf(member)).toMatchObject({ value: "11", rememberedValue: "11", targetValue: "10" });
    expect(await teamOf(app)).toMatchObject({ value: "10", rememberedValue: null });
    demands.fields = [field({ id: "team", type: "option", allowedValues: [{ id: "10", name: "Payments" }] })];
    await app.defects.pushForm({ projectId: "web", fresh: true });
    expect(await teamOf(member)).toMatchObject({ value: "10", rememberedValue: null });
    expect((await form()).requiredFieldsMissing).toEqual([]);
  });

  test("of a provider without forms is its own fields, without a request", async () => {
    const { form: _, ...formless } = withDemands(createDemands());
    const { form, github } = await formWorld(createDemands(), { provider: formless });
    const mark = github.requestCount();
    expect((await form()).fields.map(({ id }) => id)).toEqual(["title", "description", "priority", "labels"]);
    expect(github.requestCount()).toBe(mark);
  });
});

describe("a push with fields", () => {
  test("sends what is given over the target's defaults; null takes a default away", async () => {
    const { app, defect, demands, defaults } = await formWorld(
      createDemands(field({ id: "team", required: true }), field({ id: "area" }), field({ id: "size" })),
    );
    await defaults({ team: "a", area: "b", size: "c" });
    const link = await app.defects.push(defect.id, { fields: { team: "x", area: null } });
    expect(link.status).toBe("synced");
    expect(demands.created).toEqual([{ team: "x", size: "c" }]);
  });

  test("never sends what was only remembered", async () => {
    const { app, defect, demands } = await formWorld(createDemands(field({ id: "area" })));
    await app.defects.push(defect.id, { fields: { area: "north" } });
    const other = await app.defects.create({ projectId: "web", title: "Another" });
    await app.defects.push(other.id);
    expect(demands.created).toEqual([{ area: "north" }, {}]);
  });

  test("takes labels in place of the target's", async () => {
    const { app, defect, github, source } = await formWorld(createDemands(field({ id: "area" })));
    await app.sources.update(source.id, {
      targets: { upsert: [{ projectId: "web", container: "acme/web", defaults: { labels: ["bug"] } }] },
    });
    await app.defects.push(defect.id, { fields: { labels: ["regression"] } });
    expect(github.issue("acme/web", 1)?.labels).toEqual(["regression"]);
  });

  test.each([
    [{ team: "12" }, 'fields.team: "Team" (team) must be one of: "10" (Payments), "11" (Search)'],
    [{}, 'fields.team: "Team" (team) is required by the tracker'],
    [{ team: "10", colour: "red" }, "fields.colour: is no field of new issues here (there are: labels, team)"],
  ])("is refused for %j, and changes nothing", async (fields, message) => {
    const { app, defect, demands, form } = await formWorld();
    const error = await errorOf(app.defects.push(defect.id, { fields }));
    expect(error.code).toBe("invalid-input");
    expect(error.message).toContain(message);
    expect(await app.defects.links(defect.id)).toEqual([]);
    expect(demands.created).toEqual([]);
    expect((await form()).fields.find(({ id }) => id === "team")?.rememberedValue).toBeNull();
  });

  test("is not held up by a tracker in trouble: it is stored unchecked, and sent when the tracker is back", async () => {
    const { app, defect, demands, github, backref, time } = await formWorld();
    demands.trouble = down;
    github.faults.add({ kind: "refuse", match: issueCreation });
    const link = await app.defects.push(defect.id, { fields: { team: "10" }, waitMs: 0 });
    await time.advance(60_000);
    await backref.sync.run();
    expect((await app.defects.link(link.id)).issue).not.toBeNull();
    expect(demands.created[0]).toEqual({ team: "10" });
  });

  test("comes too late once there is an issue, but the same again is no mistake", async () => {
    const { app, defect } = await formWorld();
    const link = await app.defects.push(defect.id, { fields: { team: "10" } });
    expect(await app.defects.push(defect.id, { fields: { team: "10" } })).toMatchObject({
      id: link.id,
      status: "synced",
    });
    const error = await errorOf(app.defects.push(defect.id, { fields: { team: "11" } }));
    expect(error).toMatchObject({ code: "invalid-input", message: expect.stringContaining("has its issue already") });
  });

  test("that the tracker refuses says which field, in words; pushing again with it mends that", async () => {
    const { app, defect, demands, form } = await formWorld();
    demands.isSecretive = true;
    await form();
    const blocked = await app.defects.push(defect.id);
    expect(blocked).toMatchObject({ status: "blocked", blockedBy: "validation", field: "team" });
    expect(blocked.message).toBe(
      'The tracker wants "team" of a new issue. It said: Field is required. Push again with { fields: { "team": … } }, or give the target a default.',
    );
    demands.isSecretive = false;
    const mended = await app.defects.push(defect.id, { fields: { team: "11" } });
    expect(mended).toMatchObject({ id: blocked.id, status: "synced", field: null });
    expect(demands.formRequests).toBe(2);
  });

  test("sends the same again after a crash", async () => {
    const world = await formWorld(createDemands(), { limits: { createGraceMs: 10_000 } });
    const { app, defect, demands, github } = world;
    github.faults.add({ kind: "lost-before", match: issueCreation });
    const link = await app.defects.push(defect.id, { fields: { team: "10" }, waitMs: 100 });
    expect(link.status).toBe("outcome-unknown");
    await world.time.advance(12_000);
    await settle(world, 20_000);
    expect((await app.defects.link(link.id)).status).toBe("synced");
    expect(demands.created).toEqual([{ team: "10" }, { team: "10" }]);
  });
});

describe("a field that the tracker requires and no default answers", () => {
  test("is told once, when the form is read, and stands at the target until a default is given", async () => {
    const { app, form, told, target, defaults } = await formWorld();
    expect((await target())?.requiredFieldsMissing).toBeNull();
    await form();
    await app.defects.pushForm({ projectId: "web", fresh: true });
    expect((await told("target-fields-missing")).map(({ data }) => data)).toEqual([
      { target: "web", container: "acme/web", issueType: null, fields: [{ id: "team", name: "Team" }] },
    ]);
    expect((await target())?.requiredFieldsMissing).toEqual([{ id: "team", name: "Team" }]);
    await defaults({ team: "10" });
    expect((await target())?.requiredFieldsMissing).toBeNull();
    expect(await told("target-fields-complete")).toHaveLength(1);
  });

  test("ends when the field goes, and is told again when it comes back", async () => {
    const { app, demands, told, target } = await formWorld();
    const look = () => app.defects.pushForm({ projectId: "web", fresh: true });
    await look();
    const { fields } = demands;
    demands.fields = [field({ id: "area" })];
    await look();
    expect((await target())?.requiredFieldsMissing).toBeNull();
    demands.fields = fields;
    await look();
    expect(await told("target-fields-missing")).toHaveLength(2);
  });

  test("is found by a refused create, without a request for the form", async () => {
    const { app, defect, demands, told, target, defaults } = await formWorld();
    await app.defects.push(defect.id);
    await app.defects.retry((await app.defects.links(defect.id))[0]?.id ?? "");
    expect(demands.formRequests).toBe(0);
    expect(await told("target-fields-missing")).toHaveLength(1);
    expect((await target())?.requiredFieldsMissing).toEqual([{ id: "team", name: "team" }]);
    await defaults({ team: "10" });
    expect((await target())?.requiredFieldsMissing).toBeNull();
  });

  test("is answered for all that were refused, too, once the target has a default", async () => {
    const world = await formWorld();
    const { app, defect, defaults } = world;
    const other = await app.defects.create({ projectId: "web", title: "Menu overlaps" });
    const outcomes = await app.defects.pushMany([defect.id, other.id]);
    expect(outcomes).toMatchObject([{ link: { status: "blocked" } }, { link: { status: "blocked" } }]);
    await defaults({ team: "10" });
    await settle(world);
    const links = [...(await app.defects.links(defect.id)), ...(await app.defects.links(other.id))];
    expect(links.map(({ status }) => status)).toEqual(["synced", "synced"]);
    expect(world.github.issues("acme/web")).toHaveLength(2);
  });

  test("is found by a test of the source, in words", async () => {
    const { app, source, told } = await formWorld();
    const report = await app.sources.test(source.id);
    expect(report).toMatchObject({
      ok: true,
      problems: [expect.stringContaining('New issues in acme/web need "Team" (team).')],
    });
    expect(await told("target-fields-missing")).toHaveLength(1);
    expect((await app.sources.get(source.id)).health.status).toBe("ok");
  });
});

test("a target's defaults are checked against the form that is known, as warnings", async () => {
  const { form, defaults, target } = await formWorld();
  await defaults({ team: "12", colour: "red" });
  expect((await target())?.defaultWarnings).toEqual([]);
  await form();
  expect((await target())?.defaultWarnings.map(({ field: id }) => id)).toEqual(["team", "colour"]);
  await defaults({ team: "10" });
  expect((await target())?.defaultWarnings).toEqual([]);
});
