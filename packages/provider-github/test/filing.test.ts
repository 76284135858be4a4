import type { CreateIssueRequest } from "@backref/core/provider";
import type { FakeGitHubOptions } from "@backref/testing/github";
import { describe, expect, test } from "vitest";
import { createGitHubProvider } from "../src/index.ts";
import { address, addressOf, setUp, site } from "./support.ts";

const organization = {
  issueTypes: ["Bug", "Task"],
  issueFields: [
    { name: "Priority", options: ["Urgent", "High", "Medium", "Low"] },
    { name: "Days", dataType: "number" as const },
  ],
};

/** An organization, a token that may list its fields, and a source whose priority is one of them. */
function withOrganization(options: FakeGitHubOptions = {}, priorityField: string | null = "priority") {
  const context = setUp(options);
  const { fake, callWith } = context;
  fake.setOrganization("acme", organization);
  const token = fake.createToken({ login: "backref-bot", access: "admin", scopes: ["repo", "read:org"] });
  const provider = createGitHubProvider();
  const { create, update, read, changes } = provider;
  if (!create || !update || !read || !changes) expect.unreachable();
  const call = callWith({ token, options: { webUrl: null, priorityField } });
  return { ...context, provider, create, update, read, changes, call };
}

const request: CreateIssueRequest = {
  container: "acme/web",
  title: "Login fails",
  body: "It fails.",
  token: "token-1",
  labels: [],
  priority: null,
  type: null,
  assigneeIds: [],
  fields: {},
};

describe("a new issue", () => {
  test("carries type, milestone and fields in the one request", async () => {
    const { create, call, fake, sent } = withOrganization();
    const milestone = fake.addMilestone("acme/web", "1.4");
    const days = await fieldId(fake, "Days");
    const mark = fake.mark();
    const fields = { type: "Task", milestone, [`field:${days}`]: 3 };
    const { issue, warnings } = await create.create(call, { ...request, type: "Bug", fields });
    expect(warnings).toEqual([]);
    expect(issue.type).toBe("Bug");
    expect(fake.issue("acme/web", 1)).toMatchObject({ type: "Bug", milestone: "1.4", fields: { Days: 3 } });
    expect(sent(mark)).toEqual(["POST /repos/{owner}/{repo}/issues"]);
    const asText = await create.create(call, { ...request, fields: { milestone: String(milestone) } });
    expect(asText.warnings).toEqual([]);
    expect(fake.issue("acme/web", 2)?.milestone).toBe("1.4");
  });

  test("what GitHub leaves out is a warning each, and what it has no place for another", async () => {
    const { create, callWith, fake } = withOrganization();
    const milestone = fake.addMilestone("acme/web", "1.4");
    const days = await fieldId(fake, "Days");
    const reader = callWith({ token: fake.createToken({ login: "reader", access: "read" }) });
    const fields = { type: "Bug", milestone, [`field:${days}`]: 3, severity: "high", nothing: null };
    const { issue, warnings } = await create.create(reader, { ...request, fields });
    expect(issue.type).toBeNull();
    expect(warnings).toEqual([
      { field: "type", message: expect.stringContaining('"Bug": types need push access') },
      { field: "fields", message: expect.stringContaining(`milestone ${milestone}`) },
      { field: "fields", message: expect.stringContaining(`issue field ${days}`) },
      { field: "fields", message: 'GitHub has no field "severity" for new issues, so it was left out.' },
    ]);
  });
});

describe("the type", () => {
  test("is in every snapshot, whichever way it was read", async () => {
    const { read, changes, call, fake } = withOrganization();
    const issue = fake.as("ann").createIssue("acme/web", { title: "Typed", type: "Bug", fields: { Priority: "Low" } });
    const [outcome] = await read.issues(call, { issues: [address(issue)] });
    const page = await changes.list(call, { container: "acme/web", cursor: null, startAt: 0, withComments: false });
    expect(outcome).toEqual({ kind: "live", issue: page.issues[0] });
    expect(page.issues[0]).toMatchObject({ type: "Bug", priority: "Low" });
    expect(fake.violations).toEqual([]);
  });

  test("is not asked for where the server does not have it: one request too many, once", async () => {
    const { read, call, fake, sent, time } = withOrganization({ lacks: ["issue-types", "issue-fields"] });
    const issues = [address(fake.as("ann").createIssue("acme/web", { title: "Plain" }))];
    expect(await read.issues(call, { issues })).toMatchObject([
      { kind: "live", issue: { type: null, priority: null } },
    ]);
    expect(sent()).toEqual(["POST graphql", "POST graphql"]);
    const mark = fake.mark();
    await read.issues(call, { issues });
    expect(sent(mark)).toEqual(["POST graphql"]);
    await time.advance(24 * 60 * 60 * 1000);
    await read.issues(call, { issues });
    expect(sent(mark)).toHaveLength(3);
    expect(fake.violations).toEqual([]);
  });

  test("one server's lack is not another's", async () => {
    const { read, call, callWith, fake } = withOrganization({ lacks: ["issue-types"] });
    const { fake: modern } = withOrganization();
    const old = address(fake.as("ann").createIssue("acme/web", { title: "Plain" }));
    const young = address(modern.as("ann").createIssue("acme/web", { title: "Typed", type: "Bug" }));
    const server = { ...call, baseUrl: "https://git.example.com/api/v3" };
    expect(await read.issues(server, { issues: [old] })).toMatchObject([{ issue: { type: null } }]);
    const there = callWith({ fetch: modern.fetch, token: modern.token });
    expect(await read.issues(there, { issues: [young] })).toMatchObject([{ issue: { type: "Bug" } }]);
  });
});

describe("a priority in an issue field", () => {
  test("is what the source's options ask for", () => {
    const { provider } = withOrganization();
    expect(provider.capabilitiesFor?.({ webUrl: null })).toEqual({});
    expect(provider.capabilitiesFor?.({ webUrl: null, priorityField: null })).toEqual({});
    const fieldSource = { priority: "field", webhookPayload: "partial" };
    expect(provider.capabilitiesFor?.({ webUrl: null, priorityField: "Priority" })).toEqual(fieldSource);
  });

  test("goes with the create; the organization is asked for its fields once in ten minutes", async () => {
    const { create, call, fake, sent, time } = withOrganization();
    const first = await create.create(call, { ...request, priority: "urgent" });
    expect(first).toMatchObject({ issue: { priority: "Urgent" }, warnings: [] });
    await create.create(call, { ...request, priority: "Low" });
    expect(fake.issues("acme/web").map(({ fields }) => fields)).toEqual([{ Priority: "Urgent" }, { Priority: "Low" }]);
    const [list, make] = ["GET /orgs/{org}/issue-fields", "POST /repos/{owner}/{repo}/issues"];
    expect(sent()).toEqual([list, make, make]);
    await time.advance(10 * 60 * 1000);
    await create.create(call, { ...request, priority: "Low" });
    expect(sent().slice(3)).toEqual([list, make]);
    await create.create({ ...call, credentialId: "credential-2" }, { ...request, priority: "Low" });
    expect(sent().slice(5)).toEqual([list, make]);
  });

  test("changes and goes, and no other field is touched", async () => {
    const { create, update, call, fake, sent } = withOrganization();
    const { issue } = await create.create(call, { ...request, priority: "High" });
    fake.as("ann").editIssue("acme/web", 1, { fields: { Days: 2 } });
    const send = (priority: string | null, more: object = {}) =>
      update.update(call, { issue: addressOf(issue), patch: { priority, ...more }, ifVersion: null });
    const mark = fake.mark();
    expect(await send("Low")).toMatchObject({ issue: { priority: "Low" }, warnings: [] });
    const values = "/repos/{owner}/{repo}/issues/{issue_number}/issue-field-values";
    const one = "/repos/{owner}/{repo}/issues/{issue_number}";
    expect(sent(mark)).toEqual([`POST ${values}`, `GET ${one}`]);
    expect(await send("Medium", { title: "Both" })).toMatchObject({ issue: { priority: "Medium", title: "Both" } });
    expect(sent(mark).slice(2)).toEqual([`POST ${values}`, `PATCH ${one}`]);
    expect(fake.issue("acme/web", 1)?.fields).toEqual({ Days: 2, Priority: "Medium" });
    expect(await send(null)).toMatchObject({ issue: { priority: null }, warnings: [] });
    expect(await send(null)).toMatchObject({ issue: { priority: null }, warnings: [] });
    expect(fake.issue("acme/web", 1)?.fields).toEqual({ Days: 2 });
    expect(fake.violations).toEqual([]);
  });

  test("a read right after it that is older does not make it look refused", async () => {
    const { create, update, call, fake, time } = withOrganization();
    const { issue } = await create.create(call, { ...request, priority: "High" });
    await time.advance(5_000);
    fake.faults.add({ kind: "stale", ms: 4_000, match: { method: "GET" } });
    const patch = { priority: "Low" };
    expect(await update.update(call, { issue: addressOf(issue), patch, ifVersion: null })).toMatchObject({
      issue: { priority: "Low" },
      warnings: [],
    });
  });

  test.each([
    ["the field is not there", "Severity", /no single-select issue field "Severity".*priorityField/],
    ["the field holds no choice", "Days", /no single-select issue field "Days"/],
    ["the option is not there", "Priority", /"Priority" has no option "Blocker", only "Urgent", "High"/],
  ])("that cannot be set is a warning, and the rest goes out: %s", async (_, field, message) => {
    const { create, update, call, fake } = withOrganization({}, field);
    const made = await create.create(call, { ...request, priority: "Blocker" });
    expect(made.warnings).toEqual([{ field: "priority", message: expect.stringMatching(message) }]);
    const patch = { priority: "Blocker", title: "Still changed" };
    const changed = await update.update(call, { issue: addressOf(made.issue), patch, ifVersion: null });
    expect(changed.warnings).toEqual([{ field: "priority", message: expect.stringMatching(message) }]);
    expect(fake.issue("acme/web", 1)).toMatchObject({ title: "Still changed", fields: {} });
  });

  test("a token that may not list the fields, or not set them, is told what it lacks", async () => {
    const { create, update, call, callWith, fake } = withOrganization();
    const { options } = call;
    const narrow = callWith({ options, credentialId: "narrow" });
    const unlisted = await create.create(narrow, { ...request, priority: "High" });
    expect(unlisted.warnings).toEqual([{ field: "priority", message: expect.stringContaining("read:org") }]);
    const token = fake.createToken({ login: "tina", access: "triage", scopes: ["repo", "read:org"] });
    const triage = callWith({ options, credentialId: "triage", token });
    const patch = { priority: "High" };
    const refused = await update.update(triage, { issue: addressOf(unlisted.issue), patch, ifVersion: null });
    expect(refused.warnings).toEqual([{ field: "priority", message: expect.stringContaining("403") }]);
    expect(refused.issue.priority).toBeNull();
    const reader = callWith({
      options,
      credentialId: "reader",
      token: fake.createToken({ login: "reader", access: "read", scopes: ["repo", "read:org"] }),
    });
    const dropped = await create.create(reader, { ...request, priority: "High" });
    expect(dropped.warnings).toEqual([{ field: "priority", message: expect.stringContaining("no push access") }]);
  });

  test("is left alone where labels hold the priority", async () => {
    const { create, read, call, fake, sent } = withOrganization({}, null);
    const { issue } = await create.create(call, { ...request, priority: "High" });
    expect(sent()).toEqual(["POST /repos/{owner}/{repo}/issues"]);
    fake.as("ann").editIssue("acme/web", 1, { fields: { Priority: "Low" } });
    expect(await read.issues(call, { issues: [addressOf(issue)] })).toMatchObject([{ issue: { priority: null } }]);
    expect(fake.issue("acme/web", 1)?.fields).toEqual({ Priority: "Low" });
  });
});

async function fieldId(fake: ReturnType<typeof setUp>["fake"], name: string): Promise<number> {
  const token = fake.createToken({ login: "backref-bot", scopes: ["repo", "read:org"] });
  const headers = { authorization: `Bearer ${token}`, "user-agent": "test" };
  const response = await fake.fetch(`${site.baseUrl}/orgs/acme/issue-fields`, { headers });
  const fields = (await response.json()) as readonly { readonly id: number; readonly name: string }[];
  return fields.find((field) => field.name === name)?.id ?? expect.unreachable();
}
