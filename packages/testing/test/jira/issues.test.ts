import { beforeEach, describe, expect, it } from "vitest";
import { needContract } from "../../../../tests/support/contracts.ts";
import { createVirtualTime } from "../../src/index.ts";
import { createFakeJira, type FakeJira } from "../../src/jira/index.ts";
import { type Client, contractFolder, createClient, documentOf } from "./client.ts";

let fake: FakeJira;
let call: Client;
const time = createVirtualTime();

beforeEach(() => {
  fake = createFakeJira({ projects: ["WEB", "API"], now: time.now, contractFolder, webhooks: "manual" });
  call = createClient(fake);
});

const fields = (changes: object = {}) => ({
  fields: { project: { key: "WEB" }, issuetype: { name: "Bug" }, summary: "Login fails", ...changes },
});

describe("creating", () => {
  it("answers with id and key, and everything was set in the one request", async () => {
    const made = await call("POST", "/issue", {
      ...fields({ description: documentOf("Empty page"), labels: ["ui"], priority: { id: "1" } }),
      properties: [{ key: "backref", value: { token: "t-1" } }],
    });
    expect(made).toMatchObject({ status: 201, body: { key: "WEB-1" } });
    const { body } = await call("GET", "/issue/WEB-1?properties=backref");
    expect(body.properties).toEqual({ backref: { token: "t-1" } });
    expect(body.fields).toMatchObject({
      summary: "Login fails",
      description: documentOf("Empty page"),
      labels: ["ui"],
      priority: { id: "1", name: "Highest" },
      status: { name: "To Do", statusCategory: { key: "new" } },
      issuetype: { name: "Bug" },
    });
    expect(body.fields.updated).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
  });

  it("refuses what is missing or wrong field by field, and makes nothing", async () => {
    fake.setField("WEB", {
      id: "customfield_10010",
      name: "Severity",
      kind: "option",
      required: true,
      options: [{ id: "7", name: "S1" }],
      defaultValue: null,
    });
    const missing = await call("POST", "/issue", fields());
    expect(missing).toMatchObject({ status: 400, body: { errors: { customfield_10010: "Severity is required." } } });
    const wrong = await call("POST", "/issue", fields({ priority: { id: "99" }, labels: ["a b"], nonsense: 1 }));
    expect(Object.keys(wrong.body.errors).sort()).toEqual(["labels", "nonsense", "priority"]);
    expect(fake.issues("WEB")).toEqual([]);
    const made = await call("POST", "/issue", fields({ customfield_10010: { id: "7" } }));
    expect(made.status).toBe(201);
  });

  it("refuses a priority where the project has no such field", async () => {
    fake.addProject({ key: "TEAM", hasPriority: false });
    const made = await call("POST", "/issue", fields({ project: { key: "TEAM" }, priority: { id: "1" } }));
    expect(made.body.errors.priority).toMatch(/not on the appropriate screen/);
  });

  it("refuses a summary of several lines and a text that is too long", async () => {
    const lines = await call("POST", "/issue", fields({ summary: "a\nb" }));
    expect(lines.body.errors.summary).toMatch(/newline/);
    const long = await call("POST", "/issue", fields({ description: documentOf("x".repeat(32_768)) }));
    expect(long.body.errors.description).toMatch(/32,767/);
  });

  it("records what the contract does not allow", async (context) => {
    needContract(context, "jira");
    const made = await call("POST", "/issue", { ...fields(), title: "no such member" });
    expect(made.status).toBe(400);
    expect(fake.violations).toEqual(["POST /rest/api/3/issue: body/title is not declared"]);
    await call("POST", "/issue", fields({ description: { type: "doc", version: 1, content: [{ type: "heading" }] } }));
    expect(fake.violations.some((violation) => violation.includes("document/content/0"))).toBe(true);
  });
});

describe("reading many", () => {
  it("answers in the order of ids, follows moves, and leaves out what is not there", async () => {
    for (const summary of ["one", "two", "three"]) fake.as("ann").createIssue("WEB", { summary });
    fake.as("ann").moveIssue("WEB-2", "API");
    fake.as("ann").deleteIssue("WEB-3");
    const { body } = await call("POST", "/issue/bulkfetch", {
      issueIdsOrKeys: ["WEB-2", "web-1", "WEB-3", "WEB-99"],
      fields: ["summary"],
    });
    expect(body.issues.map(({ key, fields: found }: { key: string; fields: object }) => [key, found])).toEqual([
      ["WEB-1", { summary: "one" }],
      ["API-1", { summary: "two" }],
    ]);
  });

  it("refuses more than 100", async () => {
    const issueIdsOrKeys = Array.from({ length: 101 }, (_, index) => `WEB-${index + 1}`);
    expect((await call("POST", "/issue/bulkfetch", { issueIdsOrKeys, fields: ["id"] })).status).toBe(400);
  });
});

describe("changing", () => {
  it("answers 204, ignores the status, and adds and removes labels one by one", async () => {
    fake.as("ann").createIssue("WEB", { summary: "one", labels: ["a", "b"] });
    const edited = await call("PUT", "/issue/WEB-1", {
      fields: { summary: "two", status: { name: "Done" } },
      update: { labels: [{ remove: "a" }, { add: "c" }] },
    });
    expect(edited).toMatchObject({ status: 204, body: "" });
    expect(fake.issue("WEB-1")).toMatchObject({ summary: "two", status: "To Do", labels: ["b", "c"] });
  });

  it("keeps the time of an issue where nothing changes", async () => {
    const { updatedAt } = fake.as("ann").createIssue("WEB", { summary: "one" });
    await time.advance(1_000);
    await call("PUT", "/issue/WEB-1", { fields: { summary: "one" } });
    await call("PUT", "/issue/WEB-1/properties/backref", { token: "t" });
    expect(fake.issue("WEB-1")).toMatchObject({ updatedAt, properties: { backref: { token: "t" } } });
  });
});

describe("transitions", () => {
  it("are what leads on from the status, and screens ask for their fields", async () => {
    fake.as("ann").createIssue("WEB", { summary: "one" });
    const listed = async () =>
      (await call("GET", "/issue/WEB-1/transitions?expand=transitions.fields")).body.transitions;
    expect((await listed()).map(({ name }: { name: string }) => name)).toEqual(["Start progress"]);
    for (const id of ["11", "21"]) {
      expect((await call("POST", "/issue/WEB-1/transitions", { transition: { id } })).status).toBe(204);
    }
    expect((await listed())[0]).toMatchObject({
      name: "Resolve",
      hasScreen: true,
      to: { statusCategory: { key: "done" } },
      fields: {
        resolution: { required: true, allowedValues: [{ name: "Done" }, { name: "Won't Do" }, { name: "Duplicate" }] },
      },
    });
    const bare = await call("POST", "/issue/WEB-1/transitions", { transition: { id: "31" } });
    expect(bare).toMatchObject({ status: 400, body: { errors: { resolution: "resolution is required." } } });
    await call("POST", "/issue/WEB-1/transitions", {
      transition: { id: "31" },
      fields: { resolution: { name: "Done" } },
    });
    expect(fake.issue("WEB-1")).toMatchObject({ status: "Done", resolution: "Done" });
    await call("POST", "/issue/WEB-1/transitions", { transition: { id: "41" } });
    expect(fake.issue("WEB-1")).toMatchObject({ status: "To Do", resolution: null });
  });

  it("are none without the permission, and one that does not fit is refused", async () => {
    fake.as("ann").createIssue("WEB", { summary: "one" });
    expect((await call("POST", "/issue/WEB-1/transitions", { transition: { id: "31" } })).status).toBe(400);
    fake.changeToken(fake.token, ["BROWSE_PROJECTS"]);
    expect((await call("GET", "/issue/WEB-1/transitions")).body.transitions).toEqual([]);
  });
});

describe("what an issue needs and carries", () => {
  it("create metadata names types and fields", async () => {
    fake.addProject({ key: "OPS", workflow: "open", components: ["Disk"] });
    const types = await call("GET", "/issue/createmeta/OPS/issuetypes");
    expect(types.body.issueTypes.map(({ name }: { name: string }) => name)).toEqual(["Task", "Bug", "Sub-task"]);
    const { body } = await call("GET", "/issue/createmeta/OPS/issuetypes/10002");
    const found = Object.fromEntries(body.fields.map((field: { fieldId: string }) => [field.fieldId, field]));
    expect(found["summary"].required).toBe(true);
    expect(found["components"].allowedValues).toMatchObject([{ name: "Disk" }]);
  });

  it("a remote link with the same global id is changed in place", async () => {
    fake.as("ann").createIssue("WEB", { summary: "one" });
    const link = (title: string) => ({ globalId: "backref=1", object: { url: "https://tests.example.com/1", title } });
    expect((await call("POST", "/issue/WEB-1/remotelink", link("a"))).status).toBe(201);
    expect((await call("POST", "/issue/WEB-1/remotelink", link("b"))).status).toBe(200);
    expect(fake.issue("WEB-1")?.links).toMatchObject([{ object: { title: "b" } }]);
    expect((await call("DELETE", "/issue/WEB-1/remotelink?globalId=backref%3D1")).status).toBe(204);
    expect(fake.issue("WEB-1")?.links).toEqual([]);
  });

  it("a file needs the header that keeps forged requests away", async () => {
    fake.as("ann").createIssue("WEB", { summary: "one" });
    const form = new FormData();
    form.append("file", new Blob(["log line"], { type: "text/plain" }), "run.log");
    const request = new Request(`${fake.siteUrl}/x`, { method: "POST", body: form });
    const type = { "content-type": request.headers.get("content-type") ?? "" };
    const text = await request.text();
    const refused = await call("POST", "/issue/WEB-1/attachments", text, { headers: type });
    expect(refused.status).toBe(403);
    const headers = { ...type, "x-atlassian-token": "no-check" };
    const { status, body } = await call("POST", "/issue/WEB-1/attachments", text, { headers });
    expect([status, body[0]]).toMatchObject([200, { filename: "run.log", mimeType: "text/plain", size: 8 }]);
  });
});
