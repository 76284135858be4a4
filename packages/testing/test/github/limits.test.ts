import { expect, it } from "vitest";
import { createFakeGitHub, type FakeGitHubOptions } from "../../src/github/index.ts";
import type { RateLimitBody } from "./bodies.ts";
import { createClient, createClock } from "./client.ts";

const issues = "/repos/acme/web/issues";

function setUp(options: FakeGitHubOptions) {
  const clock = createClock();
  const fake = createFakeGitHub({ repositories: ["acme/web"], now: clock.now, ...options });
  return { clock, fake, call: createClient(fake) };
}

it("counts down from 5,000 an hour without refusing anything", async () => {
  const { fake, call, clock } = setUp({ limits: { primaryPerHour: 2 } });
  for (const remaining of ["1", "0", "0"])
    expect((await call("GET", issues)).headers.get("x-ratelimit-remaining")).toBe(remaining);
  expect((await call("GET", issues)).status).toBe(200);
  clock.advance(3_600_000);
  expect((await call("GET", issues)).headers.get("x-ratelimit-remaining")).toBe("1");
  expect(fake.requestCount()).toBe(5);
});

it("refuses beyond the primary limit until the reset, per account", async () => {
  const { fake, call, clock } = setUp({ enforceLimits: true, limits: { primaryPerHour: 2 } });
  await call("GET", issues);
  await call("GET", issues);
  const refused = await call("GET", issues);
  expect(refused.status).toBe(403);
  expect(refused.headers.get("x-ratelimit-remaining")).toBe("0");
  expect((await call<RateLimitBody>("GET", "/rate_limit")).body.resources.core.remaining).toBe(0);
  const other = fake.createToken({ login: "other" });
  expect((await call("GET", issues, undefined, { token: other })).status).toBe(200);
  const reset = Number(refused.headers.get("x-ratelimit-reset")) * 1000;
  clock.advance(reset - clock.now());
  expect((await call("GET", issues)).status).toBe(200);
});

it("refuses more than 80 content changes a minute with retry-after", async () => {
  const { fake, call, clock } = setUp({ enforceLimits: true, checkContract: false });
  for (let index = 0; index < 80; index += 1) await call("POST", issues, { title: "x" });
  clock.advance(20_000);
  const refused = await call("POST", issues, { title: "x" });
  expect(refused.status).toBe(403);
  expect(refused.headers.get("retry-after")).toBe("40");
  expect((await call("GET", issues)).status).toBe(200);
  clock.advance(40_000);
  expect((await call("POST", issues, { title: "x" })).status).toBe(201);
  expect(fake.issues("acme/web")).toHaveLength(81);
});

it("refuses more than the points of a minute where told to", async () => {
  const { call } = setUp({ enforceLimits: true, limits: { pointsPerMinute: 7 } });
  expect((await call("POST", issues, { title: "x" })).status).toBe(201);
  expect((await call("GET", issues)).status).toBe(200);
  expect((await call("GET", issues)).status).toBe(200);
  expect((await call("GET", issues)).status).toBe(403);
});

it("can be exhausted by a test", async () => {
  const { fake, call, clock } = setUp({});
  fake.exhaustRateLimit("backref-bot", 30);
  expect((await call("GET", issues)).status).toBe(403);
  clock.advance(30_000);
  expect((await call("GET", issues)).status).toBe(200);
});
