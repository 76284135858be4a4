import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { project, setUp, web } from "./client.ts";

const secret = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString("base64")}`;

function listening() {
  const arrived: { headers: Headers; text: string }[] = [];
  const world = setUp({
    now: () => 1_700_000_000_000,
    deliver: async (request) => {
      arrived.push({ headers: request.headers, text: await request.text() });
      return new Response(null, { status: 200 });
    },
  });
  return { ...world, arrived };
}

describe("webhooks", () => {
  it("carry the secret in clear, a signature of each secret, and an id that is kept", async () => {
    const { fake, arrived } = listening();
    const tokens = [secret(1), secret(2)];
    fake.addWebhook(project, { url: "https://host.example/hook", token: "clear", signingTokens: tokens });
    fake.as("ann").createIssue(project, { title: "One" });
    await fake.settle();
    const [{ headers, text } = { headers: new Headers(), text: "" }] = arrived;
    const id = headers.get("webhook-id") ?? "";
    const signed = [1, 2].map((byte) => {
      const content = `${id}.1700000000.${text}`;
      return `v1,${createHmac("sha256", Buffer.alloc(32, byte)).update(content).digest("base64")}`;
    });
    expect(headers.get("webhook-signature")).toBe(signed.join(" "));
    expect([headers.get("x-gitlab-token"), headers.get("idempotency-key")]).toEqual(["clear", id]);
    await fake.webhooks.redeliver(id);
    expect(arrived[1]?.headers.get("idempotency-key")).toBe(id);
  });

  it("tell of confidential issues, tasks and notes by names of their own, in both forms of times", async () => {
    const { fake, arrived } = listening();
    fake.addWebhook(project, { url: "https://host.example/hook" });
    fake.webhooks.times = "utc";
    const ann = fake.as("ann");
    ann.createIssue(project, { title: "One" });
    ann.createIssue(project, { title: "Two", confidential: true });
    ann.createIssue(project, { title: "Three", kind: "task" });
    ann.note(`${project}#1`, "hello");
    ann.note(`${project}#1`, "hush", { internal: true });
    fake.push(project);
    await fake.settle();
    expect(arrived.map(({ headers }) => headers.get("x-gitlab-event"))).toEqual([
      "Issue Hook",
      "Confidential Issue Hook",
      "Work Item Hook",
      "Note Hook",
      "Confidential Note Hook",
      "Push Hook",
    ]);
    expect(JSON.parse(arrived[0]?.text ?? "").object_attributes.updated_at).toMatch(/^2023-11-14 22:13:20 UTC$/);
  });

  it("are made for maintainers, whose secrets are not told again", async () => {
    const { fake, call } = listening();
    const hook = { url: "https://host.example/hook", token: "clear", signing_token: secret(1), issues_events: true };
    const made = await call("POST", `${web}/hooks`, hook);
    expect(made.body).toMatchObject({ token_present: true, signing_token_present: true, issues_events: true });
    expect(JSON.stringify(made.body)).not.toContain("clear");
    const developer = fake.createToken({ user: "dev", accessLevel: 30 });
    expect((await call("POST", `${web}/hooks`, hook, developer)).status).toBe(403);
  });
});
