import { describe, expect, it } from "vitest";
import { extractQuickActions } from "../../src/gitlab/quick-actions.ts";
import { project, setUp, web } from "./client.ts";

describe("commands in a text", () => {
  it("are carried out, and taken out of it", async () => {
    const { fake, call } = setUp();
    const description = 'Text\n/label ~bug ~"to do"\n/assign @ann\nmore\n/CLOSE';
    const made = await call("POST", `${web}/issues`, { title: "One", description });
    expect(made.body).toMatchObject({ description: "Text\nmore", state: "closed", labels: ["bug", "to do"] });
    expect(made.body.assignees[0].username).toBe("ann");
    const note = await call("POST", `${web}/issues/1/notes`, { body: "/reopen" });
    expect([note.status, fake.issue(`${project}#1`)?.state]).toEqual([202, "opened"]);
  });

  it.each([
    ["```\n/close\n```", 0],
    ["```sh\na\n/close\n```\n", 0],
    [">>>\n/close\n>>>", 0],
    ["<p>\n/close\n</p>", 0],
    [" /close", 0],
    ["/closed", 0],
    ["see /close", 0],
    ["~~~\n/close\n~~~", 1],
    ["```\n/close", 1],
    ["/close now", 1],
    ["---\n```\n/close\n```\n---", 1],
    ["x\n\n---\n```\n/close\n```\n---", 0],
    ["/clo\rse", 1],
    ["x\r/close", 0],
  ])("%j", (text, count) => {
    expect(extractQuickActions(text).actions).toHaveLength(count);
  });
});

describe("what a text names", () => {
  it("is told: people, and issues that are referred to", async () => {
    const { fake, call } = setUp();
    fake.as("ann").createIssue(project, { title: "One" });
    fake.as("ann").createIssue("other/tools", { title: "Far" });
    const description = "@lena see #1, [issue:1], GL-1, [work_item:other/tools/1] and `@nobody #1`; a@b.example";
    await call("POST", `${web}/issues`, { title: "Two", description });
    expect(fake.notifications.map(({ username }) => username)).toEqual(["lena"]);
    expect(fake.issue(`${project}#1`)?.systemNotes).toEqual(Array.from({ length: 3 }, () => "mentioned in issue #2"));
    expect(fake.issue("other/tools#1")?.systemNotes).toEqual([`mentioned in issue ${project}#2`]);
  });
});
