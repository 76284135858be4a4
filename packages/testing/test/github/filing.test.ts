import { beforeEach, describe, expect, it } from "vitest";
import { createFakeGitHub, type FakeGitHub } from "../../src/github/index.ts";
import { type Client, createClient } from "./client.ts";

const issues = "/repos/acme/web/issues";
const organization = {
  issueTypes: ["Bug", "Task"],
  issueFields: [
    { name: "Priority", options: ["Urgent", "High", "Low"] },
    { name: "Days", dataType: "number" as const },
  ],
};

interface Filed {
  readonly type: { readonly name: string } | null;
  readonly milestone: { readonly number: number } | null;
  readonly issue_field_values?: readonly { readonly issue_field_name: string; readonly value: unknown }[];
}

interface Named {
  readonly id: number;
  readonly name: string;
}

let fake: FakeGitHub;
let call: Client;

function setUp(options: Parameters<typeof createFakeGitHub>[0] = {}): void {
  fake = createFakeGitHub({ repositories: ["acme/web", "lena/own"], login: "bot", webhooks: "manual", ...options });
  call = createClient(fake);
  fake.setOrganization("acme", organization);
}

const orgToken = () => fake.createToken({ login: "bot", scopes: ["repo", "read:org"] });
const fieldId = async (name: string) => {
  const { body } = await call<Named[]>("GET", "/orgs/acme/issue-fields", undefined, { token: orgToken() });
  return body.find((field) => field.name === name)?.id ?? expect.unreachable();
};

beforeEach(() => setUp());

describe("types, milestones and fields", () => {
  it("are what the organization and the repository offer", async () => {
    fake.addMilestone("acme/web", "1.4");
    const types = await call<Named[]>("GET", "/repos/acme/web/issue-types");
    expect(types.body.map(({ name }) => name)).toEqual(["Bug", "Task"]);
    expect((await call("GET", "/repos/lena/own/issue-types")).status).toBe(404);
    const milestones = await call<{ number: number; title: string }[]>("GET", "/repos/acme/web/milestones");
    expect(milestones.body).toMatchObject([{ number: 1, title: "1.4" }]);
    const fields = await call("GET", "/orgs/acme/issue-fields", undefined, { token: orgToken() });
    expect(fields.body).toMatchObject([
      {
        name: "Priority",
        data_type: "single_select",
        options: [{ name: "Urgent" }, { name: "High" }, { name: "Low" }],
      },
      { name: "Days", data_type: "number" },
    ]);
    expect((await call("GET", "/orgs/acme/issue-fields")).status).toBe(403);
    expect((await call("GET", "/orgs/lena/issue-fields", undefined, { token: orgToken() })).status).toBe(404);
  });

  it("are set when an issue is created, and changed later", async () => {
    fake.addMilestone("acme/web", "1.4");
    const [priority, days] = [await fieldId("Priority"), await fieldId("Days")];
    const created = await call<Filed>("POST", issues, {
      title: "x",
      type: "bug",
      milestone: 1,
      issue_field_values: [{ field_id: priority, value: "High" }],
    });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      type: { name: "Bug" },
      milestone: { number: 1, title: "1.4" },
      issue_field_values: [{ issue_field_name: "Priority", value: "High", single_select_option: { name: "High" } }],
    });
    const values = `${issues}/1/issue-field-values`;
    const added = await call("POST", values, { issue_field_values: [{ field_id: days, value: 3 }] });
    expect(added).toMatchObject({ status: 200, body: [{ value: "High" }, { value: 3 }] });
    expect((await call("DELETE", `${values}/${priority}`)).status).toBe(204);
    expect((await call("DELETE", `${values}/${priority}`)).status).toBe(404);
    expect((await call("GET", values)).body).toMatchObject([{ issue_field_name: "Days", value: 3 }]);
    const changed = await call<Filed>("PATCH", `${issues}/1`, { type: null, milestone: null });
    expect(changed.body).toMatchObject({ type: null, milestone: null });
    expect(fake.issue("acme/web", 1)).toMatchObject({ type: null, milestone: null, fields: { Days: 3 } });
  });

  it("are dropped without a word where they may not be set, and refused where they do not exist", async () => {
    const priority = await fieldId("Priority");
    const reader = fake.createToken({ login: "reader", access: "read" });
    const wanted = { title: "x", type: "Bug", issue_field_values: [{ field_id: priority, value: "High" }] };
    const dropped = await call<Filed>("POST", issues, wanted, { token: reader });
    expect(dropped.body).toMatchObject({ type: null, issue_field_values: [] });
    expect((await call<Filed>("POST", "/repos/lena/own/issues", wanted)).body).toMatchObject({ type: null });
    expect((await call("POST", issues, { title: "x", type: "Epic" })).status).toBe(422);
    expect((await call("POST", issues, { title: "x", milestone: 9 })).status).toBe(422);
    const none = { title: "x", issue_field_values: [{ field_id: priority, value: "None" }] };
    expect((await call("POST", issues, none)).status).toBe(422);
    const values = { issue_field_values: [{ field_id: priority, value: "High" }] };
    expect((await call("POST", `${issues}/1/issue-field-values`, values, { token: reader })).status).toBe(403);
  });

  it("tell hooks, and stand in what hooks are told", async () => {
    fake.setHook("acme/web", { url: "https://host.example/hook" });
    fake.addMilestone("acme/web", "1.4");
    const lena = fake.as("lena");
    lena.createIssue("acme/web", { title: "x", type: "Bug" });
    lena.editIssue("acme/web", 1, { type: null, milestone: "1.4", fields: { Priority: "Low" } });
    lena.editIssue("acme/web", 1, { milestone: null, fields: { Priority: null } });
    expect(fake.webhooks.deliveries.map(({ action }) => action)).toEqual([
      "opened",
      "typed",
      "untyped",
      "milestoned",
      "field_added",
      "demilestoned",
      "field_removed",
    ]);
    expect(fake.webhooks.deliveries[0]?.body).toContain('"type":{');
  });

  it("are there by GraphQL, which the published schema package does not know yet", async () => {
    fake.as("lena").createIssue("acme/web", { title: "x", type: "Bug", fields: { Priority: "Urgent", Days: 2 } });
    const { body } = await call.graphql(`{
      repository(owner: "acme", name: "web") {
        issue(number: 1) {
          issueType { name }
          issueFieldValues(first: 5) {
            nodes { __typename ... on IssueFieldSingleSelectValue { name field { ... on IssueFieldSingleSelect { name } } } }
          }
        }
      }
    }`);
    const nodes = [
      { __typename: "IssueFieldSingleSelectValue", name: "Urgent", field: { name: "Priority" } },
      { __typename: "IssueFieldNumberValue" },
    ];
    expect(body.data).toEqual({ repository: { issue: { issueType: { name: "Bug" }, issueFieldValues: { nodes } } } });
    expect(fake.violations).toEqual([]);
  });
});

describe("a GitHub that lacks them", () => {
  beforeEach(() => setUp({ lacks: ["issue-types", "issue-fields"] }));

  it("has no such endpoints, and drops what it does not know", async () => {
    expect((await call("GET", "/repos/acme/web/issue-types")).status).toBe(404);
    expect((await call("GET", "/orgs/acme/issue-fields", undefined, { token: orgToken() })).status).toBe(404);
    expect((await call<Filed>("POST", issues, { title: "x", type: "Bug" })).body.type).toBeNull();
  });

  it("refuses a document that asks for them, in GitHub's words", async () => {
    const { status, body } = await call.graphql(
      `{ repository(owner: "acme", name: "web") { issue(number: 1) { issueType { name }
        issueFieldValues(first: 5) { nodes { ... on IssueFieldSingleSelectValue { name } } } } } }`,
    );
    expect(status).toBe(200);
    expect(body).not.toHaveProperty("data");
    expect(body.errors?.map(({ message }) => message)).toEqual([
      "Field 'issueType' doesn't exist on type 'Issue'",
      "Field 'issueFieldValues' doesn't exist on type 'Issue'",
      "No such type IssueFieldSingleSelectValue, so it can't be a fragment condition",
    ]);
    expect(body.errors?.[0]).toMatchObject({ extensions: { code: "undefinedField" } });
    expect(fake.violations).toEqual([]);
    expect((await call.graphql("{ viewer { nickname } }")).body).not.toHaveProperty("data");
    expect(fake.violations).toHaveLength(1);
  });
});

describe("lists of repositories and people", () => {
  it("shows the repositories in which a token has a role", async () => {
    fake.addRepository({ name: "other/open", private: false });
    const token = fake.createToken({ login: "narrow", repositories: { "acme/web": "write" } });
    const { body } = await call<{ full_name: string }[]>("GET", "/user/repos", undefined, { token });
    expect(body.map((repository) => repository.full_name)).toEqual(["acme/web"]);
    const paged = await call<{ full_name: string }[]>("GET", "/user/repos?per_page=1&page=2");
    expect(paged.body.map((repository) => repository.full_name)).toEqual(["lena/own"]);
    expect(paged.headers.get("link")).toContain('rel="next"');
  });

  it("finds who can be assigned by a part of the login", async () => {
    fake.addUser("max", ["acme/web"]);
    const { body } = await call.graphql(
      `{ repository(owner: "acme", name: "web") { assignableUsers(first: 5, query: "MA") { nodes { login } } } }`,
    );
    expect(body.data).toEqual({ repository: { assignableUsers: { nodes: [{ login: "max" }] } } });
  });
});

it("has no issues by GraphQL where they are switched off", async () => {
  const { nodeId } = fake.as("lena").createIssue("acme/web", { title: "x" });
  fake.changeRepository("acme/web", { hasIssues: false });
  const { body } = await call.graphql(
    `query ($id: ID!) { node(id: $id) { id } repository(owner: "acme", name: "web") { issue(number: 1) { id } } }`,
    { id: nodeId },
  );
  expect(body).toMatchObject({
    data: { node: null, repository: { issue: null } },
    errors: [{ type: "NOT_FOUND" }, { type: "NOT_FOUND" }],
  });
  expect((await call("GET", `${issues}/1`)).status).toBe(410);
});
