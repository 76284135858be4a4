import { describe, expect, it } from "vitest";
import { loadContract } from "../../src/github/contract.ts";
import { createFakeGitHub } from "../../src/github/index.ts";
import { createClient, createClock, operationNames } from "./client.ts";

function seeded(seed: number): () => number {
  const state = { value: seed };
  return () => {
    state.value = (state.value * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state.value / 2_147_483_648;
  };
}

describe("runs", () => {
  it("repeat themselves with the same clock and random source", async () => {
    const run = async (): Promise<unknown> => {
      const options = { repositories: ["acme/web"], now: createClock().now, random: seeded(7) };
      const fake = createFakeGitHub({ ...options, webhooks: "manual" });
      const call = createClient(fake);
      await call("POST", "/repos/acme/web/hooks", { config: { url: "https://host.example/" }, events: ["issues"] });
      const { body } = await call("POST", "/repos/acme/web/issues", { title: "x" });
      return [fake.token, body, fake.webhooks.deliveries, fake.requests];
    };
    expect(await run()).toEqual(await run());
  });

  it("give every thing its own ids", () => {
    const fake = createFakeGitHub({ repositories: ["acme/web", "acme/api"] });
    const alice = fake.as("alice");
    const made = ["acme/web", "acme/web", "acme/api"].map((name) => alice.createIssue(name, { title: "x" }));
    expect(new Set(made.map((issue) => issue.nodeId)).size).toBe(3);
    const [first, second, third] = made.map((issue) => issue.id);
    expect([second, third]).toEqual([(first ?? 0) + 1, (first ?? 0) + 2]);
    expect(made[0]?.nodeId).toMatch(/^I_kwDO/);
  });
});

describe("mistakes in a test's set-up", () => {
  it("are thrown, not answered", () => {
    const fake = createFakeGitHub({ repositories: ["acme/web"] });
    expect(() => fake.addRepository("web")).toThrow(TypeError);
    expect(() => fake.addRepository("ACME/Web")).toThrow(TypeError);
    expect(() => fake.as("alice").editIssue("acme/web", 1, {})).toThrow(RangeError);
    expect(() => fake.issues("acme/none")).toThrow(RangeError);
    expect(() => fake.revokeToken("none")).toThrow(RangeError);
    expect(fake.issue("acme/web", 1)).toBeNull();
  });
});

describe("the contract check", () => {
  const contract = loadContract("2022-11-28", operationNames);

  it("knows every operation of the fake", () => {
    const ids = ["issue_number", "comment_id", "hook_id", "delivery_id", "account_id", "installation_id"];
    const numbers = Object.fromEntries(ids.map((name) => [name, "1"]));
    const params = {
      owner: "o",
      repo: "r",
      name: "n",
      assignee: "a",
      username: "u",
      org: "o",
      issue_field_id: "1",
      ...numbers,
    };
    for (const operation of operationNames) {
      const query = new URLSearchParams(operation === "GET /search/issues" ? { q: "q" } : {});
      const complaints = contract.checkRequest({ operation, params, query, body: undefined });
      expect(complaints.filter((complaint) => complaint !== "body is missing")).toEqual([]);
    }
  });

  it("notices wrong answers", () => {
    const operation = "GET /repos/{owner}/{repo}/issues/{issue_number}";
    expect(contract.checkResponse(operation, 200, { id: "1" })).toContain("body/id must be integer");
    expect(contract.checkResponse(operation, 200, { nodeId: "1" })).toContain("body/nodeId");
    expect(contract.checkResponse(operation, 418, {})).toEqual([`status 418 is not declared for ${operation}`]);
    expect(contract.checkWebhook("issues-opened", { action: "closed" })).toContainEqual(
      expect.stringContaining("payload/action must be equal to one of the allowed values (opened)"),
    );
  });
});
