import { createVirtualTime } from "@backref/testing";
import { createFakeLinear } from "@backref/testing/linear";
import { expect, test } from "vitest";
import { createLinearProvider } from "../src/index.ts";

function setUp() {
  const { clock, scheduler, now } = createVirtualTime();
  const fake = createFakeLinear({ teams: ["ENG"], now });
  const { create, update, labels } = createLinearProvider();
  if (create === undefined || update === undefined || labels === undefined) throw new Error("It has all of them");
  const call = {
    ...{ baseUrl: "https://api.linear.app", options: { workspace: "acme" }, credentialId: "credential-1" },
    ...{ auth: { type: "api-key", apiKey: fake.apiKey } as const, fetch: fake.fetch, clock, scheduler },
    ...{ random: { bytes: (length: number) => new Uint8Array(length) }, logger: { log: () => {} } },
    signal: new AbortController().signal,
  };
  const request = {
    ...{ container: "ENG", title: "Total is wrong", body: "", token: "token-1", labels: [] as string[] },
    ...{ priority: null, type: null, assigneeIds: [], fields: {} },
  };
  return { fake, create, update, labels, call, request };
}

test("an issue that an earlier request of the token made is told as one that existed, as it is now", async () => {
  const { fake, create, call, request } = setUp();
  expect((await create.create(call, request)).existed).toBeUndefined();
  fake.as("lena").editIssue("ENG-1", { priority: 4 });
  const again = await create.create(call, { ...request, title: "Another title by now" });
  expect(again).toMatchObject({ existed: true, issue: { item: "1", title: "Total is wrong", priority: "Low" } });
  expect(fake.issues("ENG")).toHaveLength(1);
});

test("a label that was taken away since the team was read costs the label, not the write", async () => {
  const { fake, create, update, labels, call, request } = setUp();
  await labels.ensure(call, { container: "ENG", labels: [{ name: "flaky", color: "d93f0b", description: "" }] });
  fake.removeLabel("ENG", "flaky");
  const { issue, warnings } = await create.create(call, { ...request, labels: ["flaky"] });
  expect([issue.labels, warnings.map(({ field }) => field)]).toEqual([[], ["labels"]]);

  await labels.ensure(call, { container: "ENG", labels: [{ name: "slow", color: "d93f0b", description: "" }] });
  fake.removeLabel("ENG", "slow");
  const patch = { title: "Total is still wrong", labels: { add: ["slow"], remove: [] } };
  const changed = await update.update(call, { issue, patch, ifVersion: null });
  expect(changed.issue.title).toBe("Total is still wrong");
  expect(changed.warnings.map(({ field }) => field)).toEqual(["labels"]);
});

test("of a group's labels one is set, and the other is told; somebody's choice of the group stays", async () => {
  const { fake, create, update, call, request } = setUp();
  for (const name of ["web", "mobile"]) fake.addLabel("ENG", { name, color: "d93f0b", group: "Platform" });
  fake.addLabel("ENG", { name: "flaky", color: "d93f0b" });
  const { issue, warnings } = await create.create(call, { ...request, labels: ["web", "mobile", "flaky"] });
  expect([issue.labels, warnings.map(({ message }) => message)]).toEqual([
    ["flaky", "web"],
    [expect.stringContaining('"mobile"')],
  ]);
  fake.as("lena").addLabel("ENG-1", "mobile");
  fake.addLabel("ENG", { name: "slow", color: "d93f0b" });
  const patch = { title: "Total is still wrong", labels: { add: ["web", "slow"], remove: [] } };
  const changed = await update.update(call, { issue, patch, ifVersion: null });
  expect(changed.issue).toMatchObject({ title: "Total is still wrong", labels: ["flaky", "mobile", "slow"] });
  expect(changed.warnings.map(({ message }) => message)).toEqual([expect.stringContaining('"web"')]);
  const alone = { issue, patch: { labels: { add: ["web"], remove: [] } }, ifVersion: null };
  expect((await update.update(call, alone)).warnings).toHaveLength(1);
  expect(fake.labels("ENG").map(({ name }) => name)).not.toContain("Platform");
});
