import { describe, expect, test } from "vitest";
import { createGitHubProvider } from "../src/index.ts";

const { auth, options, container, ...rest } = createGitHubProvider().describe();

test("says what people need to know", () => {
  expect(rest).toEqual({ name: "GitHub", defaultBaseUrl: "https://api.github.com", containerName: "Repository" });
});

describe("auth", () => {
  test("takes a token and cuts pasted space", () => {
    const parsed = auth.parse({ type: "token", token: " ghp_abc\n" });
    expect(parsed).toEqual({ ok: true, value: { type: "token", token: "ghp_abc" } });
  });

  test.each([
    [undefined, []],
    [{ type: "token" }, ["token"]],
    [{ type: "token", token: "" }, ["token"]],
    [{ type: "token", token: "two words" }, ["token"]],
    [{ type: "basic", token: "x" }, ["type"]],
    [{ type: "token", token: "x", extra: 1 }, []],
  ])("%j is refused, and the place told", (input, path) => {
    const result = auth.parse(input);
    expect(result).toMatchObject({ ok: false, issues: [{ path }] });
    expect(JSON.stringify(result)).not.toContain("two words");
  });

  test("the form marks the secret", () => {
    expect(auth.schema).toMatchObject({
      type: "object",
      required: ["type", "token"],
      properties: { token: { type: "string", title: "Personal access token", writeOnly: true } },
    });
  });
});

describe("options", () => {
  test("defaults are filled in", () => {
    expect(options.parse({})).toEqual({ ok: true, value: { webUrl: null } });
    expect(options.parse(undefined)).toEqual({ ok: true, value: { webUrl: null } });
    const value = { webUrl: "https://git.example.com" };
    expect(options.parse({ webUrl: "https://git.example.com/" })).toEqual({ ok: true, value });
    expect(options.parse(value)).toEqual({ ok: true, value });
  });

  test.each(["javascript:alert(1)", "github.com", 1])("%j is no web address", (webUrl) => {
    expect(options.parse({ webUrl })).toMatchObject({ ok: false, issues: [{ path: ["webUrl"] }] });
  });

  test("forms are JSON Schema objects that survive JSON", () => {
    expect(options.schema).toMatchObject({ type: "object", title: "GitHub options" });
    for (const { schema } of [auth, options, container]) {
      expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
      expect(schema).toMatchObject({ $schema: "https://json-schema.org/draft/2020-12/schema" });
    }
  });
});
