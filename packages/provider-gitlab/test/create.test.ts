import { describe, expect, test } from "vitest";
import { draft, project, setUp } from "./support.ts";

describe("a new issue", () => {
  test("has what its form gives, in one request", async () => {
    const { fake, provider, call } = setUp();
    const milestone = fake.addMilestone(project, "Autumn");
    const fields = { due_date: "2026-12-24", confidential: true, milestone_id: String(milestone) };
    const mark = fake.mark();
    const { issue, warnings } = await provider.create.create(call(), {
      ...draft,
      type: "Incident",
      labels: ["bug"],
      fields,
    });
    expect(warnings).toEqual([]);
    expect([issue.type, issue.labels]).toEqual(["incident", ["bug"]]);
    expect(fake.issue(`${project}#1`)).toMatchObject({ dueDate: "2026-12-24", confidential: true, kind: "incident" });
    expect(fake.requestsSince(mark)).toHaveLength(1);
  });

  test("that GitLab makes without some of it is made, and told", async () => {
    const { fake, provider, call } = setUp();
    const ann = fake.addUser("ann");
    fake.changeToken(fake.token, { accessLevel: 10 });
    const request = {
      ...draft,
      labels: ["bug", "a,b"],
      assigneeIds: [String(ann)],
      fields: { due_date: "2026-12-24", team: 1 },
    };
    const { warnings } = await provider.create.create(call(), request);
    expect(warnings.map(({ field }) => field)).toEqual(["labels", "labels", "assignees", "fields", "fields"]);
    expect(fake.issues(project)).toHaveLength(1);
  });

  test.each([
    ["due_date", "24.12.2026"],
    ["due_date", "2026-02-30"],
    ["confidential", "yes"],
    ["milestone_id", "Autumn"],
    ["weight", -1],
    ["issue_type", "Bug"],
  ])("whose %s is %j is refused before anything is sent", async (name, value) => {
    const { fake, provider, call } = setUp();
    const mark = fake.mark();
    const attempt = provider.create.create(call(), { ...draft, fields: { [name]: value } });
    await expect(attempt).rejects.toMatchObject({ failure: "permanent", field: name });
    expect(fake.requestsSince(mark)).toEqual([]);
  });

  test("is not made in a project under an earlier path, and the message says what to do", async () => {
    const { fake, provider, call } = setUp();
    fake.renameProject(project, "acme/shop/site");
    await expect(provider.create.create(call(), draft)).rejects.toMatchObject({
      failure: "gone",
      message: expect.stringMatching(/acme\/shop\/web has another path now.*Give the target that path/),
    });
    const hook = { container: project, url: "https://host.example/new", secret: "s" };
    await expect(provider.webhooks.register?.(call(), hook)).rejects.toThrow(/has another path now/);
    const labels = [{ name: "bug", color: "ff0000", description: "" }];
    await expect(provider.labels.ensure(call(), { container: project, labels })).rejects.toThrow(
      /has another path now/,
    );
    expect(fake.issues("acme/shop/site")).toEqual([]);
  });

  test("has a title of one line, and one that is too long is refused by GitLab's own words", async () => {
    const { fake, provider, call } = setUp();
    await provider.create.create(call(), { ...draft, title: " One\n two " });
    expect(fake.issue(`${project}#1`)?.title).toBe("One two");
    const attempt = provider.create.create(call(), { ...draft, title: "x".repeat(256) });
    await expect(attempt).rejects.toMatchObject({
      failure: "permanent",
      field: "title",
      message: expect.stringContaining("is too long"),
    });
  });
});

describe("looking for an issue that was made", () => {
  const { token } = draft;

  test("finds the account's own with the marker, wherever it is now, and no copy of it", async () => {
    const { fake, provider, call, ann, time } = setUp();
    const createdAfter = time.now();
    const body = `Text <!-- ${token} -->`;
    const bot = fake.as("backref-bot");
    ann.createIssue(project, { title: "Copied by a person", description: body });
    bot.createIssue(project, { title: "Another one of ours" });
    bot.createIssue(project, { title: "The one", description: body });
    bot.moveIssue(`${project}#3`, "acme/shop/api");
    const accountId = (await provider.connect.account(call())).id;
    const found = await provider.create.findCreated?.(call(), {
      container: project,
      token,
      accountId,
      createdAfter,
      probe: null,
    });
    expect(found?.map(({ container, item, title }) => [container, item, title])).toEqual([
      ["acme/shop/api", "1", "The one"],
    ]);
  });

  test("sees none that are older than the intent, and as many pages as there are", async () => {
    const { fake, provider, call, time } = setUp();
    const bot = fake.as("backref-bot");
    bot.createIssue(project, { title: "Before", description: token });
    await time.advance(10_000);
    const createdAfter = time.now();
    for (let count = 0; count < 101; count += 1) bot.createIssue(project, { title: `${count}` });
    bot.createIssue(project, { title: "The one", description: token });
    const request = { container: project, token, accountId: null, createdAfter, probe: null };
    expect((await provider.create.findCreated?.(call(), request))?.map(({ title }) => title)).toEqual(["The one"]);
  });
});
