import type { IssueAddress, ProviderCall } from "@backref/core/provider";
import { createVirtualTime } from "@backref/testing";
import { createFakeLinear } from "@backref/testing/linear";
import { describe, expect, test } from "vitest";
import { createLinearProvider, type LinearAuth, type LinearOptions } from "../src/index.ts";

function create() {
  const time = createVirtualTime();
  const linear = createFakeLinear({ teams: ["ENG", "OPS"], now: time.now, webhooks: "manual" });
  const provider = createLinearProvider();
  const call: ProviderCall<LinearAuth, LinearOptions> = {
    baseUrl: "https://api.linear.app",
    auth: { type: "api-key", apiKey: linear.apiKey },
    options: { workspace: "acme" },
    credentialId: "credential-1",
    fetch: linear.fetch,
    clock: time.clock,
    scheduler: time.scheduler,
    random: { bytes: (length) => new Uint8Array(length) },
    logger: { log: () => {} },
    signal: new AbortController().signal,
  };
  const read = async (...issues: readonly IssueAddress[]) => (await provider.read?.issues(call, { issues })) ?? [];
  return { time, linear, provider, call, read, lena: linear.as("lena") };
}

const byKey = (container: string, item: string): IssueAddress => ({ remoteId: null, container, item, raw: null });

describe("reading", () => {
  test("by a former identifier says where the issue is now", async () => {
    const { lena, linear, read } = create();
    lena.createIssue("ENG", { title: "Total is wrong" });
    lena.createIssue("ENG", { title: "Another" });
    lena.moveIssue("ENG-1", "OPS");
    const [moved, live, missing] = await read(byKey("ENG", "1"), byKey("ENG", "2"), byKey("ENG", "3"));
    expect(moved).toMatchObject({
      kind: "moved",
      to: { container: "OPS", item: "1", remoteId: linear.issue("OPS-1")?.id },
    });
    expect(live).toMatchObject({ kind: "live", issue: { title: "Another" } });
    expect(missing).toEqual({ kind: "no-access" });
  });

  test("what lies in the trash is deleted, and live once it is taken out", async () => {
    const { lena, linear, read } = create();
    lena.createIssue("ENG", { title: "Total is wrong" });
    lena.deleteIssue("ENG-1");
    const address = { ...byKey("ENG", "1"), remoteId: linear.issue("ENG-1")?.id ?? "" };
    expect(await read(address)).toEqual([{ kind: "deleted" }]);
  });

  test("an issue with more labels than a page shows is read once more by itself, whole", async () => {
    const { lena, linear, read } = create();
    const labels = Array.from({ length: 30 }, (_, index) => `label-${String(index).padStart(2, "0")}`);
    lena.createIssue("ENG", { title: "Much labelled", labels });
    lena.createIssue("ENG", { title: "Little labelled", labels: ["one"] });
    const mark = linear.mark();
    const [many, few] = await read(byKey("ENG", "1"), byKey("ENG", "2"));
    expect(many).toMatchObject({ kind: "live", issue: { labels } });
    expect(few).toMatchObject({ kind: "live", issue: { labels: ["one"] } });
    expect(linear.requestsSince(mark).map(({ operation }) => operation)).toEqual(["query issues", "query issue"]);
  });

  test("what is too much for one request is read by halves", async () => {
    const { lena, call, provider } = create();
    for (let number = 1; number <= 8; number += 1) lena.createIssue("ENG", { title: `Issue ${number}` });
    let asked = 0;
    const fetch: typeof call.fetch = async (input, init) => {
      const { variables } = JSON.parse(String(init?.body)) as { readonly variables: { readonly first: number } };
      asked += 1;
      if (variables.first <= 2) return call.fetch(input, init);
      const message = "Query too complex: 12000 points, and 10000 are allowed.";
      return Response.json({ errors: [{ message, extensions: { code: "INPUT_ERROR" } }] }, { status: 400 });
    };
    const issues = Array.from({ length: 8 }, (_, index) => byKey("ENG", String(index + 1)));
    const outcomes = await provider.read?.issues({ ...call, fetch }, { issues });
    expect(outcomes?.map((outcome) => outcome.kind === "live" && outcome.issue.title)).toEqual(
      issues.map(({ item }) => `Issue ${item}`),
    );
    expect(asked).toBe(7);
  });

  test("250 issues stay within what Linear allows for one query", async () => {
    const { lena, linear, read } = create();
    for (let number = 1; number <= 250; number += 1) lena.createIssue("ENG", { title: `Issue ${number}` });
    const mark = linear.mark();
    const issues = Array.from({ length: 250 }, (_, index) => byKey("ENG", String(index + 1)));
    expect((await read(...issues)).every(({ kind }) => kind === "live")).toBe(true);
    expect(linear.requestsSince(mark)).toHaveLength(1);
  });
});

describe("a rate limit", () => {
  test("is waited for as long as its reset says, in milliseconds, told with status 400", async () => {
    const { linear, read, time } = create();
    linear.faults.add({ kind: "rate-limit-primary", resetSeconds: 90 });
    const error = await read(byKey("ENG", "1")).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ failure: "wait", code: "tracker-rate-limited" });
    const { retryAfterMs } = error as { readonly retryAfterMs: number };
    expect(Math.abs(retryAfterMs - 90_000)).toBeLessThan(1_001);
    expect(time.now()).toBeGreaterThan(0);
  });
});

describe("a delivery", () => {
  test("that is older than a minute is not believed, whatever its signature says", async () => {
    const { linear, lena, provider, time } = create();
    const sent: Request[] = [];
    const listening = createFakeLinear({
      teams: ["ENG"],
      now: time.now,
      deliver: async (request) => {
        sent.push(request);
        return new Response();
      },
    });
    listening.addWebhook({ url: "https://host.example/hook", secret: "s3cret" });
    listening.as("lena").createIssue("ENG", { title: "Total is wrong" });
    await listening.settle();
    const [request] = sent;
    const body = new Uint8Array((await request?.arrayBuffer()) ?? new ArrayBuffer());
    const delivery = { headers: request?.headers ?? new Headers(), body };
    const verify = (now: number, secret = "s3cret") => provider.webhooks?.verify(delivery, { secret, now });
    expect(verify(time.now())).toBe(true);
    expect(verify(time.now() + 60_000)).toBe(true);
    expect(verify(time.now() + 60_001)).toBe(false);
    expect(verify(time.now() - 60_001)).toBe(false);
    expect(verify(time.now(), "another")).toBe(false);
    expect([linear.violations, lena !== undefined]).toEqual([[], true]);
  });
});
