import { describe, expect, it } from "vitest";
import { createVirtualTime } from "../../src/index.ts";
import { createFakeJira } from "../../src/jira/index.ts";
import { createClient, documentOf } from "./client.ts";

describe.each(["cloud", "data-center"] as const)("%s on a port", (deployment) => {
  it("counts requests at the socket, and drops connections for good", async () => {
    const fake = createFakeJira({ deployment, projects: ["WEB"] });
    const listening = await fake.listen();
    try {
      const call = createClient(fake);
      const made = await call(
        "POST",
        "/issue",
        { fields: { project: { key: "WEB" }, issuetype: { name: "Bug" }, summary: "Ünïcode" } },
        { send: fetch },
      );
      expect(made.body.self).toMatch(listening.url);
      const { body } = await call("GET", "/issue/WEB-1", undefined, { send: fetch });
      expect(body.fields.summary).toBe("Ünïcode");
      fake.faults.add({ kind: "lost-after" });
      const lost = call("PUT", "/issue/WEB-1", { fields: { summary: "two" } }, { send: fetch });
      await expect(lost).rejects.toThrow("fetch failed");
      expect(fake.issue("WEB-1")?.summary).toBe("two");
      expect(fake.requests.map(({ operation, status }) => [operation, status])).toEqual([
        ["/issue", 201],
        ["/issue/{issueIdOrKey}", 200],
        ["/issue/{issueIdOrKey}", 0],
      ]);
    } finally {
      await listening.close();
    }
  });
});

describe("faults", () => {
  const setUp = () => {
    const time = createVirtualTime();
    const fake = createFakeJira({
      projects: ["WEB"],
      now: time.now,
      delay: (ms) => time.scheduler.sleep(ms),
      enforceLimits: true,
    });
    fake.as("ann").createIssue("WEB", { summary: "one" });
    return { time, fake, call: createClient(fake) };
  };

  it("refuse in the words of Jira's limits", async () => {
    const { fake, call, time } = setUp();
    fake.faults.add({ kind: "rate-limit-secondary", retryAfterSeconds: 30 });
    const burst = await call("GET", "/myself");
    expect([burst.status, burst.headers.get("retry-after"), burst.headers.get("ratelimit-reason")]).toEqual([
      429,
      "30",
      "jira-burst-based",
    ]);
    fake.faults.add({ kind: "rate-limit-primary", resetSeconds: 90 });
    const quota = await call("GET", "/myself");
    expect(quota.headers.get("x-ratelimit-reset")).toBe(new Date(time.now() + 90_000).toISOString());
  });

  it("limit the writes to one issue", async () => {
    const { call, time } = setUp();
    const write = async (summary: string) => (await call("PUT", "/issue/WEB-1", { fields: { summary } })).status;
    for (let count = 0; count < 20; count += 1) expect(await write(`${count}`)).toBe(204);
    expect(await write("one too many")).toBe(429);
    await time.advance(2_000);
    expect(await write("now")).toBe(204);
  });

  it("answer late, with a page, from the past, or leave fields out", async () => {
    const { fake, call, time } = setUp();
    fake.faults.add({ kind: "html" });
    expect((await call("GET", "/myself")).headers.get("content-type")).toMatch("text/html");
    fake.faults.add({ kind: "drop-fields", fields: ["labels"] });
    await call("PUT", "/issue/WEB-1", { fields: { summary: "two", labels: ["a"] } });
    expect(fake.issue("WEB-1")).toMatchObject({ summary: "two", labels: [] });
    await time.advance(10_000);
    await call("PUT", "/issue/WEB-1", { fields: { summary: "three" } });
    fake.faults.add({ kind: "stale", ms: 5_000 });
    expect((await call("GET", "/issue/WEB-1?fields=summary")).body.fields.summary).toBe("two");
    fake.faults.add({ kind: "late", ms: 60_000 });
    await expect(call("PUT", "/issue/WEB-1", { fields: { description: documentOf("late") } })).rejects.toThrow();
    expect(fake.issue("WEB-1")?.description).toBe(null);
    await time.advance(60_000);
    await fake.settle();
    expect(fake.issue("WEB-1")?.description).toEqual(documentOf("late"));
  });
});
