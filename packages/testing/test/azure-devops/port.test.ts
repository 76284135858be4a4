import { describe, expect, it } from "vitest";
import { createFakeAzureDevOps } from "../../src/azure-devops/index.ts";
import { createVirtualTime } from "../../src/index.ts";
import { createClient, set } from "./client.ts";

describe.each(["services", "server"] as const)("%s on a port", (deployment) => {
  it("counts requests at the socket, and drops connections for good", async () => {
    const fake = createFakeAzureDevOps({ deployment, projects: ["Web"] });
    const listening = await fake.listen();
    try {
      const call = createClient(fake);
      const path = "/Web/_apis/wit/workitems/$Bug";
      const made = await call("POST", path, [set("System.Title", "Ünïcode")], { send: fetch });
      expect(made.body.url).toMatch(listening.url);
      const one = `/_apis/wit/workitems/${made.body.id}`;
      expect((await call("GET", one, undefined, { send: fetch })).body.fields["System.Title"]).toBe("Ünïcode");
      fake.faults.add({ kind: "lost-after" });
      const lost = call("PATCH", one, [set("System.Title", "two")], { send: fetch });
      await expect(lost).rejects.toThrow("fetch failed");
      expect(fake.issue(String(made.body.id))?.title).toBe("two");
      expect(fake.requests.map(({ operation, status, account }) => [operation, status, account])).toEqual([
        ["/{project}/_apis/wit/workitems/$" + "{type}", 200, "backref-bot"],
        ["/{project}/_apis/wit/workitems/{id}", 200, "backref-bot"],
        ["/{project}/_apis/wit/workitems/{id}", 0, "backref-bot"],
      ]);
    } finally {
      await listening.close();
    }
    expect(fake.url).toMatch(/^https:/);
  });
});

describe("faults", () => {
  const setUp = () => {
    const time = createVirtualTime();
    const fake = createFakeAzureDevOps({
      projects: ["Web"],
      now: time.now,
      delay: (ms) => time.scheduler.sleep(ms),
      enforceLimits: true,
      limits: { delayAfter: 3, blockAfter: 5 },
    });
    const { id } = fake.as("ann").createIssue("Web", { title: "one" });
    return { time, fake, call: createClient(fake), id, path: `/_apis/wit/workitems/${id}` };
  };

  it("refuse in the words of the limit, or answer and ask to wait", async () => {
    const { fake, call, path, time } = setUp();
    fake.faults.add({ kind: "rate-limit-primary", resetSeconds: 90 });
    const blocked = await call("GET", path);
    expect([blocked.status, blocked.body.message]).toEqual([429, expect.stringMatching(/^TF400733/)]);
    expect(blocked.headers.get("x-ratelimit-reset")).toBe(String(Math.ceil(time.now() / 1000) + 90));
    fake.faults.add({ kind: "slow-down", retryAfterSeconds: 7 });
    const slowed = await call("PATCH", path, [set("System.Title", "two")]);
    expect([slowed.status, slowed.headers.get("retry-after")]).toEqual([200, "7"]);
    expect(slowed.body.fields["System.Title"]).toBe("two");
  });

  it("ask to slow down first and refuse then, within five minutes", async () => {
    const { call, path, time } = setUp();
    const read = async () => {
      const { status, headers } = await call("GET", path);
      return `${status} ${headers.get("retry-after")}`;
    };
    for (let count = 0; count < 3; count += 1) expect(await read()).toBe("200 null");
    await time.advance(60_000);
    expect([await read(), await read(), await read()]).toEqual(["200 240", "200 240", "429 240"]);
    await time.advance(240_000);
    expect(await read()).toBe("200 null");
  });

  it("answer late, with a page, from the past, or leave fields out", async () => {
    const { fake, call, path, id, time } = setUp();
    fake.faults.add({ kind: "html" });
    expect((await call("GET", path)).headers.get("content-type")).toMatch("text/html");
    fake.faults.add({ kind: "drop-fields", fields: ["System.Tags"] });
    await call("PATCH", path, [set("System.Title", "two"), set("System.Tags", "a")]);
    expect(fake.issue(id)).toMatchObject({ title: "two", tags: [] });
    await time.advance(300_000);
    await call("PATCH", path, [set("System.Title", "three")]);
    fake.faults.add({ kind: "stale", ms: 5_000 });
    expect((await call("GET", path)).body.fields["System.Title"]).toBe("two");
    fake.faults.add({ kind: "late", ms: 60_000 });
    await expect(call("PATCH", path, [set("System.Title", "late")])).rejects.toThrow();
    expect(fake.issue(id)?.title).toBe("three");
    await time.advance(60_000);
    await fake.settle();
    expect(fake.issue(id)?.title).toBe("late");
  });
});
