import { expect, test } from "vitest";
import { address, project, setUp } from "./support.ts";

test("10,000 issues are read with 100 requests", async () => {
  const { fake, provider, call, ann } = setUp();
  const addresses = Array.from({ length: 10_000 }, (_, index) => {
    ann.createIssue(project, { title: `Issue ${index + 1}` });
    return address(index + 1);
  });
  const batch = provider.capabilities.readBatchSize ?? 1;
  const mark = fake.mark();
  let live = 0;
  for (let start = 0; start < addresses.length; start += batch) {
    const outcomes = await provider.read.issues(call(), { issues: addresses.slice(start, start + batch) });
    live += outcomes.filter(({ kind }) => kind === "live").length;
  }
  expect([live, fake.requestsSince(mark).length]).toEqual([10_000, 100]);
});

test("issues of several projects are read together, one request each, whatever the case of their paths", async () => {
  const { fake, provider, call, ann } = setUp();
  ann.createIssue(project, { title: "One" });
  ann.createIssue(project, { title: "Two" });
  ann.createIssue("acme/shop/api", { title: "Far" });
  const mark = fake.mark();
  const issues = [address(2), address(1, "acme/shop/api"), address(1, "Acme/Shop/Web"), address(1, "acme/nowhere")];
  const outcomes = await provider.read.issues(call(), { issues });
  expect(outcomes.map((outcome) => (outcome.kind === "live" ? outcome.issue.title : outcome.kind))).toEqual([
    ...["Two", "Far", "One", "no-access"],
  ]);
  expect(fake.requestsSince(mark)).toHaveLength(3);
});

test("an issue that was moved leads to where it is", async () => {
  const { provider, call, ann } = setUp();
  const { id } = ann.createIssue(project, { title: "One" });
  ann.createIssue("acme/shop/api", { title: "Other" });
  const moved = ann.moveIssue(`${project}#1`, "acme/shop/api");
  const issues = [{ ...address(1), remoteId: String(id) }];
  expect(await provider.read.issues(call(), { issues })).toEqual([
    { kind: "moved", to: { remoteId: String(moved.id), container: "acme/shop/api", item: "2", raw: null } },
  ]);
});

test("a note that only says that an issue was moved leads nowhere", async () => {
  const { fake, provider, call, ann } = setUp();
  ann.createIssue(project, { title: "One" });
  ann.createIssue("acme/shop/api", { title: "Not the one" });
  ann.note(`${project}#1`, "moved to acme/shop/api#1");
  ann.moveIssue(`${project}#1`, "acme/shop/api");
  ann.deleteIssue("acme/shop/api#2");
  expect(await provider.read.issues(call(), { issues: [address(1)] })).toEqual([{ kind: "moved", to: null }]);
  expect(fake.violations).toEqual([]);
});

test("another issue under the same number is not the one that was known", async () => {
  const { provider, call, ann } = setUp();
  ann.createIssue(project, { title: "One" });
  const issues = [{ ...address(1), remoteId: "1" }];
  expect(await provider.read.issues(call(), { issues })).toEqual([{ kind: "no-access" }]);
});

test("a project with another path is read there, and says so", async () => {
  const { fake, provider, call, ann } = setUp();
  const { id } = ann.createIssue(project, { title: "One" });
  fake.renameProject(project, "acme/shop/site");
  expect(await provider.read.issues(call(), { issues: [address(1)] })).toEqual([
    { kind: "moved", to: { remoteId: String(id), container: "acme/shop/site", item: "1", raw: null } },
  ]);
});

test("confidential issues are out of a guest's reach, and incidents and tasks are issues", async () => {
  const { fake, provider, call, ann } = setUp();
  ann.createIssue(project, { title: "Hidden", confidential: true });
  ann.createIssue(project, { title: "Task", kind: "task" });
  ann.createIssue(project, { title: "Incident", kind: "incident" });
  const token = fake.createToken({ user: "guest", accessLevel: 10 });
  const issues = [address(1), address(2), address(3), address("9999999999"), address("../1")];
  const outcomes = await provider.read.issues(call({ auth: { type: "token", token } }), { issues });
  expect(outcomes.map((outcome) => (outcome.kind === "live" ? outcome.issue.type : outcome.kind))).toEqual([
    ...["no-access", "task", "incident", "no-access", "no-access"],
  ]);
});
