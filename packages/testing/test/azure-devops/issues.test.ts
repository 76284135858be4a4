import { describe, expect, it } from "vitest";
import { createFakeAzureDevOps, type FakeAzureDevOps } from "../../src/azure-devops/index.ts";
import { contractFolder, createClient, set, test } from "./client.ts";

const web = "/Web%20shop";

function setUp(deployment: "services" | "server" = "services") {
  const fake = createFakeAzureDevOps({ deployment, projects: ["Web shop"], contractFolder });
  return { fake, call: createClient(fake) };
}

function file(fake: FakeAzureDevOps, title = "Checkout fails") {
  return fake.as("ann").createIssue("Web shop", { title });
}

describe("creating", () => {
  it("files a bug in its first state, with what the type gives", async () => {
    const { fake, call } = setUp();
    const made = await call("POST", `${web}/_apis/wit/workitems/$Bug`, [set("System.Title", "Checkout fails")]);
    expect(made.status).toBe(200);
    expect(made.body.fields).toMatchObject({
      "System.Title": "Checkout fails",
      "System.State": "New",
      "System.Reason": "New",
      "System.TeamProject": "Web shop",
      "System.AreaPath": "Web shop",
      "Microsoft.VSTS.Common.Priority": 2,
      "Microsoft.VSTS.Common.Severity": "3 - Medium",
    });
    expect(made.body.fields["System.CreatedBy"].uniqueName).toBe("backref-bot@example.com");
    expect([made.body.rev, made.body.url]).toEqual([1, `${fake.url}/_apis/wit/workItems/${made.body.id}`]);
    expect(fake.issue(String(made.body.id))?.title).toBe("Checkout fails");
    expect(fake.violations).toEqual([]);
  });

  it("keeps nothing where it only validates", async () => {
    const { fake, call } = setUp();
    const path = `${web}/_apis/wit/workitems/$Bug?validateOnly=true`;
    expect((await call("POST", path, [set("System.Title", "try")])).status).toBe(200);
    expect((await call("POST", path, [set("System.Description", "no title")])).status).toBe(400);
    expect(fake.issues("Web shop")).toEqual([]);
  });

  it("tells broken rules by field", async () => {
    const { call } = setUp();
    const made = await call("POST", `${web}/_apis/wit/workitems/$Bug`, [
      set("System.State", "Closed"),
      set("Microsoft.VSTS.Common.Priority", 9),
    ]);
    expect([made.status, made.body.typeKey]).toEqual([400, "RuleValidationException"]);
    expect(made.body.message).toMatch(/^TF401320: Rule Error for field /);
    const names = made.body.customProperties.RuleValidationErrors.map(
      (problem: { fieldReferenceName: string }) => problem.fieldReferenceName,
    );
    expect(names.sort()).toEqual(["Microsoft.VSTS.Common.Priority", "System.State", "System.Title"]);
  });
});

describe("changing", () => {
  it("takes a change of the revision that was read, and refuses one of another with 412", async () => {
    const { fake, call } = setUp();
    const { id } = file(fake);
    const path = `/_apis/wit/workitems/${id}`;
    expect((await call("PATCH", path, [test(1), set("System.Title", "two")])).body.rev).toBe(2);
    const late = await call("PATCH", path, [test(1), set("System.Title", "lost")]);
    expect([late.status, late.body.typeKey]).toEqual([412, "TestPatchOperationFailedException"]);
    expect(late.body.message).toBe(
      "VS403351: Test Operation for path /rev failed, value 2 was not equal to test value 1.",
    );
    expect(fake.issue(id)?.title).toBe("two");
  });

  it("makes no revision of what changes nothing", async () => {
    const { fake, call } = setUp();
    const { id } = file(fake);
    expect((await call("PATCH", `/_apis/wit/workitems/${id}`, [set("System.Title", "Checkout fails")])).body.rev).toBe(
      1,
    );
  });
});
