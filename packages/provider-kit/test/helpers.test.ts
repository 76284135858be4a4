import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  type FormSchema,
  followPages,
  lazy,
  linkTarget,
  retryAfterMs,
  verifyHmacSha256,
  zodForm,
} from "../src/index.ts";

describe("retryAfterMs", () => {
  const nowMs = Date.UTC(2026, 10, 21);
  const read = (headers: Record<string, string>) => retryAfterMs(new Headers(headers), nowMs);

  test("seconds", () => {
    expect(read({ "retry-after": "120" })).toBe(120_000);
    expect(read({ "retry-after": "0.5" })).toBe(500);
  });

  test("a date, by the answer's own clock", () => {
    const at = "Sat, 21 Nov 2026 00:01:00 GMT";
    expect(read({ "retry-after": at })).toBe(60_000);
    expect(read({ "retry-after": at, date: "Sat, 21 Nov 2026 00:00:50 GMT" })).toBe(10_000);
    expect(read({ "retry-after": at, date: "Sat, 21 Nov 2026 00:05:00 GMT" })).toBe(0);
  });

  test("nothing usable", () => {
    expect(read({})).toBeNull();
    expect(read({ "retry-after": "soon" })).toBeNull();
  });
});

describe("linkTarget", () => {
  const next = (link: string) => linkTarget(new Headers({ link }), "next");

  test("finds a relation among others", () => {
    expect(next('<https://a/?page=1>; rel="prev", <https://a/?page=3>; rel="next"')).toBe("https://a/?page=3");
    expect(next("<https://a/?q=a,b;c>; rel=next")).toBe("https://a/?q=a,b;c");
    expect(next('<https://a/2>; title="x, y"; rel="last next"')).toBe("https://a/2");
  });

  test("null without one", () => {
    expect(next('<https://a/>; rel="prev"')).toBeNull();
    expect(next("nonsense")).toBeNull();
    expect(linkTarget(new Headers(), "next")).toBeNull();
  });
});

describe("followPages", () => {
  const collect = async (next: Record<string, string | null>) => {
    const seen: string[] = [];
    const load = async (url: string) => ({ url, next: next[url] ?? null });
    for await (const page of followPages("a", load)) seen.push(page.url);
    return seen;
  };

  test("follows to the end", async () => {
    expect(await collect({ a: "b", b: "c" })).toEqual(["a", "b", "c"]);
  });

  test("stops in a circle", async () => {
    expect(await collect({ a: "b", b: "a" })).toEqual(["a", "b"]);
  });
});

describe("verifyHmacSha256", () => {
  const body = new TextEncoder().encode('{"ü":1}');
  const digest = (encoding: "hex" | "base64") => createHmac("sha256", "secret").update(body).digest(encoding);

  test("accepts the right signature", () => {
    expect(verifyHmacSha256({ body, secret: "secret", signature: digest("hex") })).toBe(true);
    expect(verifyHmacSha256({ body, secret: "secret", signature: digest("base64"), encoding: "base64" })).toBe(true);
  });

  test("refuses everything else without throwing", () => {
    const signature = digest("hex");
    expect(verifyHmacSha256({ body, secret: "other", signature })).toBe(false);
    expect(verifyHmacSha256({ body: body.slice(1), secret: "secret", signature })).toBe(false);
    for (const wrong of [null, undefined, "", "zz", signature.slice(2), `${signature}00`]) {
      expect(verifyHmacSha256({ body, secret: "secret", signature: wrong })).toBe(false);
    }
    const unsigned = createHmac("sha256", "").update(body).digest("hex");
    expect(verifyHmacSha256({ body, secret: "", signature: unsigned })).toBe(false);
  });
});

describe("lazy", () => {
  test("loads once for all", async () => {
    let count = 0;
    const load = lazy(async () => {
      count += 1;
      return count;
    });
    expect(count).toBe(0);
    expect(await Promise.all([load(), load()])).toEqual([1, 1]);
    expect(await load()).toBe(1);
  });

  test("forgets a failure", async () => {
    let count = 0;
    const load = lazy(async () => {
      count += 1;
      if (count === 1) throw new Error("no network");
      return count;
    });
    await expect(load()).rejects.toThrow("no network");
    expect(await load()).toBe(2);
  });
});

describe("zodForm", () => {
  const schema: FormSchema<{ token: string }> = {
    "~standard": {
      validate: (input) =>
        input === "good"
          ? { value: { token: "good" } }
          : { issues: [{ message: "Too bad", path: ["targets", 0, { key: "name" }] }, { message: "No path" }] },
      jsonSchema: { input: ({ target }) => ({ $schema: target, type: "object" }) },
    },
  };

  test("gives schema and parser", () => {
    const form = zodForm(schema);
    expect(form.schema).toEqual({ $schema: "draft-2020-12", type: "object" });
    expect(form.parse("good")).toEqual({ ok: true, value: { token: "good" } });
    expect(form.parse("bad")).toEqual({
      ok: false,
      issues: [
        { message: "Too bad", path: ["targets", 0, "name"] },
        { message: "No path", path: [] },
      ],
    });
  });
});
