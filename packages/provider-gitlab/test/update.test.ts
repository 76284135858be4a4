import { describe, expect, test } from "vitest";
import { address, project, setUp } from "./support.ts";

const key = `${project}#1`;

function world() {
  const parts = setUp();
  parts.ann.createIssue(project, { title: "One", description: "Text" });
  return parts;
}

describe("one change", () => {
  test("is one request of what changed alone, and the answer is read", async () => {
    const { fake, update } = world();
    const mark = fake.mark();
    const { issue, warnings } = await update(1, {
      title: "Two",
      state: { category: "closed" },
      labels: { add: ["bug"], remove: ["gone"] },
    });
    expect([issue.title, issue.state.id, issue.labels, warnings]).toEqual(["Two", "closed", ["bug"], []]);
    expect(fake.requestsSince(mark).map(({ method }) => method)).toEqual(["PUT"]);
  });

  test("of nothing, or of labels that cannot be, writes nothing", async () => {
    const { fake, update } = world();
    const mark = fake.mark();
    const { warnings } = await update(1, { labels: { add: ["a,b"], remove: ["c,d"] } });
    expect(warnings).toMatchObject([{ field: "labels", message: expect.stringContaining('"a,b"') }]);
    expect(fake.requestsSince(mark).map(({ method }) => method)).toEqual(["GET"]);
  });

  test("that GitLab leaves out in part is told", async () => {
    const { fake, update } = world();
    fake.as("backref-bot").createIssue(project, { title: "Own", labels: ["old"] });
    fake.changeToken(fake.token, { accessLevel: 10 });
    const { issue, warnings } = await update(2, { title: "Own, changed", labels: { add: ["new"], remove: ["old"] } });
    expect([issue.title, issue.labels]).toEqual(["Own, changed", ["old"]]);
    expect(warnings).toMatchObject([{ field: "labels", message: expect.stringContaining('did not set "new"') }]);
  });

  test("of labels alone that the account may not set is a warning, of anything else a refusal", async () => {
    const { fake, update } = world();
    fake.changeToken(fake.token, { accessLevel: 10 });
    expect((await update(1, { labels: { add: ["new"], remove: [] } })).warnings).toHaveLength(1);
    await expect(update(1, { title: "Two" })).rejects.toMatchObject({ failure: "forbidden" });
  });

  test("of an issue that was moved meanwhile is not taken for done", async () => {
    const { update, ann } = world();
    ann.moveIssue(key, "acme/shop/api");
    await expect(update(1, { title: "Two" })).rejects.toMatchObject({ failure: "gone" });
  });

  test("in a project with another path, or of an issue that is not there, is gone", async () => {
    const { fake, update } = world();
    await expect(update(9, { title: "Two" })).rejects.toMatchObject({ failure: "gone", status: 404 });
    fake.renameProject(project, "acme/shop/site");
    await expect(update(1, { title: "Two" })).rejects.toMatchObject({
      failure: "gone",
      message: expect.stringContaining("another path"),
    });
    expect(fake.issue("acme/shop/site#1")?.title).toBe("One");
  });

  test("whose text GitLab stores without carriage returns and trailing space is what was sent", async () => {
    const { update } = world();
    expect((await update(1, { body: "a\r\nb  \n\n" })).warnings).toEqual([]);
  });
});

describe("assignees", () => {
  const ids = (...people: number[]) => people.map(String);

  test("replace each other where there is one, and are taken off", async () => {
    const { fake, update } = world();
    const [ann, max] = [fake.addUser("ann"), fake.addUser("max")];
    await update(1, { assigneeIds: { add: ids(ann), remove: [] } });
    await update(1, { assigneeIds: { add: ids(max), remove: ids(ann) } });
    expect(fake.issue(key)?.assignees).toEqual(["max"]);
    await update(1, { assigneeIds: { add: [], remove: ids(max) } });
    expect(fake.issue(key)?.assignees).toEqual([]);
    const mark = fake.mark();
    await update(1, { assigneeIds: { add: [], remove: ids(max) } });
    expect(fake.requestsSince(mark).some(({ method }) => method === "PUT")).toBe(false);
  });

  test("who are nobody to GitLab, or one too many, are told", async () => {
    const { fake, update, call, provider } = world();
    const [ann, max] = [fake.addUser("ann"), fake.addUser("max")];
    expect((await update(1, { assigneeIds: { add: ["123456"], remove: [] } })).warnings).toMatchObject([
      { field: "assignees", message: expect.stringContaining('"123456"') },
    ]);
    const several = call({ options: { webUrl: null, severalAssignees: true } });
    const patch = { assigneeIds: { add: ids(ann, max), remove: [] } };
    const { warnings } = await provider.update.update(several, { issue: address(1), patch, ifVersion: null });
    expect(warnings).toMatchObject([{ field: "assignees", message: expect.stringContaining(`"${max}"`) }]);
  });

  test("who depend on others go out after the rest, by its answer, and a failure then is in doubt", async () => {
    const { fake, call, provider, ann } = world();
    const [ada, ben] = [fake.addUser("ada"), fake.addUser("ben")];
    ann.editIssue(key, { assignees: ["ada"] });
    const several = call({ options: { webUrl: null, severalAssignees: true } });
    const patch = { title: "Two", assigneeIds: { add: ids(ben), remove: ids(ada) } };
    const request = { issue: address(1), patch, ifVersion: null };
    const mark = fake.mark();
    const { issue } = await provider.update.update(several, request);
    expect([issue.title, issue.assignees.map(({ login }) => login)]).toEqual(["Two", ["ben"]]);
    expect(fake.requestsSince(mark).map(({ method }) => method)).toEqual(["PUT", "PUT"]);

    ann.editIssue(key, { assignees: ["ada"] });
    const fetch: typeof fake.fetch = async (input, init) => {
      if (String(init?.body).includes("assignee_ids")) return new Response("{}", { status: 400 });
      return fake.fetch(input, init);
    };
    await expect(provider.update.update({ ...several, fetch }, request)).rejects.toMatchObject({
      failure: "ambiguous",
      message: expect.stringContaining("A part was written"),
    });
  });

  test("who depend on others are looked at again where the look took long", async () => {
    const { fake, time, call, provider, ann } = world();
    const ada = fake.addUser("ada");
    const looksBeforeWrite = async (takesMs: number, times: number) => {
      ann.editIssue(key, { assignees: ["ada"] });
      let looks = 0;
      const fetch: typeof fake.fetch = async (input, init) => {
        const answer = await fake.fetch(input, init);
        if (init?.method === "GET") looks += 1;
        if (init?.method === "GET" && looks <= times) await time.advance(takesMs);
        return answer;
      };
      const patch = { assigneeIds: { add: [], remove: ids(ada) } };
      await provider.update.update(call({ fetch }), { issue: address(1), patch, ifVersion: null });
      expect(fake.issue(key)?.assignees).toEqual([]);
      return looks;
    };
    expect(await looksBeforeWrite(1_900, 3)).toBe(1);
    expect(await looksBeforeWrite(2_100, 1)).toBe(2);
    expect(await looksBeforeWrite(2_100, 9)).toBe(3);
  });
});
