import { createMemoryStorage } from "@backref/storage-memory";
import { describe, expect, test } from "vitest";
import { createSecretWatch, sampleRow } from "../../src/index.ts";

const secret = 'plant "ed/+é secret';
const bytes = Buffer.from(secret);

function watching() {
  const watch = createSecretWatch();
  watch.plant("token", secret);
  return watch;
}

describe("a secret is found", () => {
  const circle: Record<string, unknown> = { deep: [[[{ secret }]]] };
  circle["self"] = circle;
  const hidden = Object.defineProperty({}, "hidden", { value: secret, enumerable: false });
  test.each<[string, unknown]>([
    ["in a text", `before ${secret} behind`],
    ["in an address", `https://x.example/?q=${encodeURIComponent(secret)}`],
    ["in JSON", JSON.stringify({ secret })],
    ["in JSON in JSON", { body: JSON.stringify({ secret }) }],
    ["in base64", bytes.toString("base64")],
    ["in a basic credential", `Basic ${Buffer.from(`max:${secret}`).toString("base64")}`],
    ["in a basic credential, shifted", `Basic ${Buffer.from(`maxi:${secret}:more`).toString("base64")}`],
    ["in base64url", Buffer.from(`m:${secret}!`).toString("base64url")],
    ["in hexadecimal", bytes.toString("hex").toUpperCase()],
    ["in bytes", new TextEncoder().encode(`before ${secret}`)],
    ["in data that goes round", circle],
    ["in a property that is not listed", hidden],
    ["in a map", new Map([["k", new Set([secret])]])],
    ["in headers", new Headers({ authorization: `Bearer ${encodeURIComponent(secret)}` })],
    ["in an error's cause", new Error("outer", { cause: new Error("inner", { cause: { headers: [secret] } }) })],
    ["in an error's data", Object.assign(new Error("outer"), { data: { secret } })],
  ])("%s", (where, value) => {
    const watch = watching();
    watch.search(where, value);
    expect(watch.findings.length).toBeGreaterThan(0);
    expect(watch.findings[0]).toMatchObject({ secret: "token", where });
    expect(JSON.stringify(watch.findings)).not.toContain("plant");
  });

  test("in a log, a row, and in what is thrown by a method of an object that a method gave", async () => {
    const watch = watching();
    watch.logger().log("debug", "sent", { header: secret });
    const storage = watch.storage(createMemoryStorage());
    const row = sampleRow("source", { healthReason: secret });
    await storage.commit({ tenantId: row.tenantId }, [{ write: [{ type: "insert", table: "source", row }] }]);
    const api = watch.calls("api", {
      as: () => ({ list: async () => Promise.reject(new Error(secret)), now: () => 1 }),
    });
    await expect(api.as().list()).rejects.toThrow();
    expect(api.as().now()).toBe(1);
    expect(new Set(watch.findings.map(({ where }) => where))).toEqual(
      new Set(["log (debug): sent", "row: insert source", "error of api.as.list"]),
    );
  });
});

test("what only looks like it is not found, and a short secret is not watched for", () => {
  const watch = watching();
  watch.search("elsewhere", ["plant", "secret", Buffer.from("another secret").toString("base64")]);
  expect(watch.findings).toEqual([]);
  expect(() => watch.plant("short", "1234567")).toThrow(/"short".*8 characters/);
});
