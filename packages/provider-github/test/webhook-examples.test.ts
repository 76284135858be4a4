import type { WebhookDelivery, WebhookEvent, WebhookHint } from "@backref/core/provider";
import { ProviderError } from "@backref/core/provider";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createGitHubProvider } from "../src/index.ts";
import {
  asForm,
  type ExampleIssue,
  type ExamplePayload,
  examples,
  hookSecret,
  isAboutIssues,
  signed,
  type WebhookExample,
} from "./webhook-examples.ts";

const webhooks = createGitHubProvider().webhooks ?? expect.unreachable();
const form = "application/x-www-form-urlencoded";
const oddForm = "Application/X-WWW-Form-URLEncoded; charset=UTF-8";
const aboutIssues = examples.filter(isAboutIssues);
const others = examples.filter((example) => !isAboutIssues(example));

/** Verified and read, as core does it. */
function take(delivery: WebhookDelivery): WebhookEvent {
  expect(webhooks.verify(delivery, { secret: hookSecret, now: 0 })).toBe(true);
  return webhooks.read(delivery);
}

/** Why a delivery that was signed cannot be read. Anything but a `permanent` error fails. */
function refusalOf(delivery: WebhookDelivery): ProviderError {
  let thrown: unknown = null;
  try {
    take(delivery);
  } catch (error) {
    thrown = error;
  }
  if (!ProviderError.isInstance(thrown)) throw thrown ?? new Error("It was read.");
  expect(thrown).toMatchObject({ failure: "permanent", operation: "webhook.read" });
  return thrown;
}

/** Read, or refused as what the tracker does not send. */
function readOrRefuse(event: string, text: string): void {
  const headers = new Headers({ "x-github-event": event, "x-github-delivery": "guid" });
  try {
    webhooks.read({ headers, body: new TextEncoder().encode(text) });
  } catch (error) {
    if (!ProviderError.isInstance(error) || error.failure !== "permanent") throw error;
  }
}

const changeOf = ({ event, payload }: WebhookExample): WebhookHint["change"] => {
  if (payload.action === "deleted") return "deleted";
  return event === "issues" && payload.action === "transferred" ? "moved" : "changed";
};

/** An issue as the payload has it, said in the words of a snapshot. */
function snapshotOf(issue: ExampleIssue, container: string): object {
  const person = ({ id, login }: ExampleIssue["user"]) => ({ id: String(id), login, displayName: login });
  return {
    remoteId: issue.node_id,
    container,
    item: String(issue.number),
    title: issue.title,
    body: issue.body ?? "",
    state: expect.objectContaining({
      id: issue.state,
      reason: issue.state === "closed" ? (issue.state_reason ?? null) : null,
    }),
    labels: issue.labels?.map(({ name }) => name).sort(),
    assignees: issue.assignees.map(person),
    author: person(issue.user),
    commentCount: issue.comments,
    createdAt: Date.parse(issue.created_at),
    updatedAt: Date.parse(issue.updated_at),
    version: Date.parse(issue.updated_at),
  };
}

function expectedHints(example: WebhookExample): readonly object[] {
  const { issue, comment, repository, changes } = example.payload;
  if (issue === undefined || repository === undefined) return expect.unreachable();
  if (issue.pull_request !== undefined) return [];
  const container = repository.full_name;
  const change = changeOf(example);
  const place = { container, remoteId: issue.node_id, item: String(issue.number), change };
  // GitHub's examples of `pinned` and `unpinned` have no state.
  const whole = issue.state === undefined ? null : expect.objectContaining(snapshotOf(issue, container));
  if (comment !== undefined) {
    const { id, body, user } = comment;
    const author = user === null ? null : expect.objectContaining({ login: user.login });
    const read = expect.objectContaining({ remoteId: String(id), body, author, visibility: "public" });
    return [{ ...place, aspect: "comments", issue: whole, comment: read }];
  }
  const here = { ...place, aspect: "issue", issue: change === "changed" ? whole : null, comment: null };
  if (changes?.old_issue === undefined || example.payload.action !== "opened") return [here];
  const { old_issue: old } = changes;
  const there = { container: changes.old_repository?.full_name, remoteId: old.node_id, item: String(old.number) };
  return [here, { ...there, aspect: "issue", issue: null, comment: null, change: "moved" }];
}

/** Bodies that end too early, some of them within a character. */
function truncations(body: string): readonly Uint8Array[] {
  const bytes = new TextEncoder().encode(body);
  const lengths = [0, 1, 0.1, 0.25, 0.5, 0.75, 0.9].map((part) => (part > 1 ? part : Math.floor(bytes.length * part)));
  return [...new Set([...lengths.filter((length) => length < bytes.length), 1, bytes.length - 1])].map((length) =>
    bytes.slice(0, length),
  );
}

const wrongValues: readonly unknown[] = [null, 12, "text", true, [], {}, [null], { node_id: 12 }];

/** Each member of the payload, at any depth up to three, replaced by each wrong value. */
function* corruptions(payload: ExamplePayload): Generator<unknown> {
  const { issue, comment, repository, changes, action } = payload;
  function* replaced(value: unknown, depth: number): Generator<unknown> {
    yield* wrongValues;
    if (depth === 0 || typeof value !== "object" || value === null || Array.isArray(value)) return;
    for (const [name, member] of Object.entries(value)) {
      for (const wrong of replaced(member, depth - 1)) yield { ...value, [name]: wrong };
      const { [name]: _left, ...without } = value as Record<string, unknown>;
      yield without;
    }
  }
  yield* replaced(withoutUrls({ issue, comment, repository, changes, action }), 3);
}

/** What nobody reads makes payloads long. */
function withoutUrls(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (name, member: unknown) => (/(_|^)url$/.test(name) ? undefined : member)));
}

describe("example payloads of GitHub and of Enterprise Server", () => {
  test("are there", () => {
    expect(aboutIssues.length).toBeGreaterThanOrEqual(70);
    expect(others.length).toBeGreaterThanOrEqual(300);
    expect(new Set(aboutIssues.map(changeOf))).toEqual(new Set(["changed", "deleted", "moved"]));
  });

  test.each(aboutIssues)("$title is read whole", (example) => {
    const { event, payload } = example;
    const read = take(signed(event, JSON.stringify(payload)));
    expect(read).toMatchObject({ deliveryId: "guid", name: `${event}.${payload.action}` });
    expect(read.hints).toEqual(expectedHints(example));
    const asFormData = signed(event, asForm(JSON.stringify(payload)), { contentType: oddForm });
    expect(take(asFormData)).toEqual(read);
  });

  test("of all other events are acknowledged without hints", () => {
    for (const { title, event, payload } of others) {
      const { hints, name } = take(signed(event, JSON.stringify(payload)));
      expect(hints, title).toEqual([]);
      expect(name, title).toBe(payload.action === undefined ? event : `${event}.${payload.action}`);
    }
  });
});

describe("payloads that are not what GitHub sends", () => {
  test("cut off anywhere they are refused, signed as they may be", () => {
    for (const { event, payload } of aboutIssues) {
      for (const body of truncations(JSON.stringify(payload))) {
        expect(refusalOf(signed(event, body)).message).toContain("not what GitHub sends");
      }
      for (const body of truncations(asForm(JSON.stringify(payload)))) {
        refusalOf(signed(event, body, { contentType: form }));
      }
    }
    for (const { event, payload } of others) {
      for (const body of truncations(JSON.stringify(payload))) refusalOf(signed(event, body));
    }
  });

  test("JSON as form data, and form data as JSON, are refused", () => {
    const [{ event, payload }] = aboutIssues as [WebhookExample];
    const text = JSON.stringify(payload);
    refusalOf(signed(event, text, { contentType: form }));
    refusalOf(signed(event, asForm(text)));
    refusalOf(signed(event, "payload=", { contentType: form }));
  });

  test("with wrong types in them they are read or refused", () => {
    let count = 0;
    const different = new Map(aboutIssues.map((example) => [`${example.event}.${example.payload.action}`, example]));
    for (const { event, payload } of different.values()) {
      for (const corrupt of corruptions(payload)) {
        readOrRefuse(event, JSON.stringify(corrupt));
        count += 1;
      }
    }
    expect(count).toBeGreaterThan(10_000);
  });

  test("whatever JSON it is, under whatever event, it is read or refused", () => {
    fc.assert(
      fc.property(fc.constantFrom("issues", "issue_comment", "installation", "ping"), fc.json(), (event, text) => {
        readOrRefuse(event, text);
      }),
    );
    for (const text of [
      "[".repeat(100_000),
      `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
      '{"__proto__":{"issue":1}}',
    ])
      for (const event of ["issues", "ping"]) readOrRefuse(event, text);
  });

  test("signed with SHA-1 alone, or with another secret, they are not genuine", () => {
    for (const { event, payload } of aboutIssues) {
      const { headers, body } = signed(event, JSON.stringify(payload));
      const verify = (secret: string) => webhooks.verify({ headers, body }, { secret, now: 0 });
      expect(verify("another")).toBe(false);
      headers.delete("x-hub-signature-256");
      expect(verify(hookSecret)).toBe(false);
    }
  });
});
