import { inspect } from "node:util";
import { field } from "@backref/testing/azure-devops";
import { describe, expect, test } from "vitest";
import { createAzureDevOpsProvider, type EntraTokenRequest } from "../src/index.ts";
import { project, setUp } from "./support.ts";

describe("a credential", () => {
  test.each([200, 203, 302, 401] as const)("that is not good and answered with %i is told as such", async (signIn) => {
    const { provider, call, fake, address } = await setUp("services", {}, { fake: { signIn } });
    const { id } = fake.as("Ann").createIssue(project, { title: "x" });
    const wrong = call({ auth: { type: "token", token: "expired" } });
    await expect(provider.connect.account(wrong)).rejects.toMatchObject({ failure: "auth" });
    await expect(provider.read.issues(wrong, { issues: [address(id)] })).rejects.toMatchObject({ failure: "auth" });
    const report = await provider.connect.test(wrong, { containers: [project] });
    expect(report).toMatchObject({ ok: false, account: null });
    expect(report.problems[0]).toMatch(/credential/);
  });

  test("of Microsoft Entra is sent as it is, or made by the host for each request; never to a Server", async () => {
    const asked: string[] = [];
    const { provider, call, fake } = await setUp(
      "services",
      {},
      {
        provider: {
          entraToken: async ({ identity, baseUrl }) => {
            asked.push(`${identity} at ${baseUrl}`);
            if (identity === "nobody") throw new Error("no such identity");
            return fake.entraToken;
          },
        },
      },
    );
    const given = call({ auth: { type: "entra-token", accessToken: fake.entraToken } });
    expect(await provider.connect.account(given)).toMatchObject({ displayName: "Backref" });
    const made = call({ auth: { type: "entra-identity", identity: "pipeline" } });
    expect(await provider.connect.account(made)).toMatchObject({ displayName: "Backref" });
    expect(asked).toEqual(["pipeline at https://dev.azure.com/acme"]);
    const failing = provider.connect.account(call({ auth: { type: "entra-identity", identity: "nobody" } }));
    await expect(failing).rejects.toMatchObject({ failure: "retry" });

    const mark = fake.mark();
    for (const auth of [given.auth, made.auth]) {
      const elsewhere = call({ auth, baseUrl: "https://azure.example.com/tfs/DefaultCollection" });
      await expect(provider.connect.account(elsewhere)).rejects.toMatchObject({ failure: "auth" });
    }
    const without = createAzureDevOpsProvider();
    await expect(without.connect?.account(made)).rejects.toMatchObject({ failure: "auth" });
    expect(fake.mark()).toBe(mark);
    expect(asked).toHaveLength(2);
  });
});

describe("a function that makes tokens", () => {
  const auth = { type: "entra-identity", identity: "pipeline" } as const;
  const failing = async (entraToken: (request: EntraTokenRequest) => Promise<string>, signal?: AbortSignal) => {
    const { provider, call, fake } = await setUp("services", {}, { provider: { entraToken } });
    const mark = fake.mark();
    const error: unknown = await provider.connect
      .account(call({ auth, ...(signal !== undefined && { signal }) }))
      .catch((thrown: unknown) => thrown);
    expect(fake.mark()).toBe(mark);
    return error;
  };

  test.each([undefined, null, "", "ey Jh", "eyJhbGciOi\nJub25l", "tök", 7, {}])(
    "and gives %j instead has it sent nowhere, and shown nowhere",
    async (given) => {
      const error = await failing(async () => given as string);
      expect(error).toMatchObject({
        failure: "retry",
        message: expect.stringMatching(/token of Microsoft Entra is none/),
      });
      expect(inspect(error, { depth: 9 })).not.toMatch(/eyJ/);
    },
  );

  test("and throws, in whatever way, is told as trouble that passes", async () => {
    const thrower = (): Promise<string> => {
      throw "at once";
    };
    for (const entraToken of [thrower, () => Promise.reject(undefined)])
      expect(await failing(entraToken)).toMatchObject({ failure: "retry" });
  });

  test("and never answers is waited for no longer than the call", async () => {
    const patience = new AbortController();
    const asked = () => {
      queueMicrotask(() => patience.abort());
      return new Promise<string>(() => {});
    };
    expect(await failing(asked, patience.signal)).toMatchObject({ failure: "retry" });
  });
});

describe("a connection test", () => {
  test("tries to write without writing", async () => {
    const { provider, call, fake } = await setUp();
    expect(await provider.connect.test(call(), { containers: [project] })).toMatchObject({ ok: true, problems: [] });
    expect(fake.issues(project)).toEqual([]);
  });

  test("says that the account may not write, which scope and permission that takes", async () => {
    const { provider, call, fake } = await setUp();
    fake.changeToken(fake.token, { scopes: ["vso.work"] });
    const report = await provider.connect.test(call(), { containers: [project] });
    expect(report).toMatchObject({ ok: false, containers: [{ reachable: true, writable: false }] });
    expect(report.problems[0]).toMatch(/read & write/);
    fake.changeToken(fake.token, { scopes: ["vso.work_write"], permissions: ["view"] });
    expect((await provider.connect.test(call(), { containers: [project] })).ok).toBe(false);
  });

  test("names a type that the project does not have, and does not mind fields that it requires", async () => {
    const { provider, call } = await setUp("services", { workItemType: "Defect" });
    const report = await provider.connect.test(call(), { containers: [project] });
    expect(report.problems[0]).toMatch(/no work item type "Defect".* It has: Bug, Task, User Story, Issue\.$/);
    const other = await setUp();
    other.fake.setField(project, "Bug", field("Custom.Cause", "Cause", "string", { alwaysRequired: true }));
    expect((await other.provider.connect.test(other.call(), { containers: [project] })).ok).toBe(true);
  });

  test("finds out that the field for descriptions is none", async () => {
    const { provider, call } = await setUp("services", { bodyField: "Custom.f0e1-Text" });
    const report = await provider.connect.test(call(), { containers: [project] });
    expect(report).toMatchObject({ ok: false, containers: [{ reachable: true, writable: true }] });
    expect(report.problems[0]).toMatch(/Cannot find field Custom\.f0e1-Text.*source's options/);
  });
});
