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
      title: "GitHub access",
      oneOf: [
        {
          type: "object",
          title: "Personal access token",
          required: ["type", "token"],
          properties: {
            type: { const: "token" },
            token: { type: "string", title: "Personal access token", writeOnly: true },
          },
        },
        {
          type: "object",
          title: "GitHub App",
          required: ["type", "appId", "privateKey", "installationId"],
          properties: {
            type: { const: "app" },
            appId: { type: "string", title: "App ID or client ID" },
            privateKey: { type: "string", title: "Private key", writeOnly: true },
            installationId: { type: "string", title: "Installation ID" },
          },
        },
      ],
    });
  });
});

describe("options", () => {
  test("defaults are filled in", () => {
    const defaults = { webUrl: null, priorityField: null };
    expect(options.parse({})).toEqual({ ok: true, value: defaults });
    expect(options.parse(undefined)).toEqual({ ok: true, value: defaults });
    const value = { webUrl: "https://git.example.com", priorityField: "Priority" };
    const typed = { webUrl: "https://git.example.com/", priorityField: " Priority " };
    expect(options.parse(typed)).toEqual({ ok: true, value });
    expect(options.parse(value)).toEqual({ ok: true, value });
  });

  test("a priority field has a name", () => {
    const issues = [{ path: ["priorityField"], message: expect.stringContaining("for example Priority") }];
    expect(options.parse({ priorityField: " " })).toMatchObject({ ok: false, issues });
  });

  test.each(["javascript:alert(1)", "github.com", "https://git.example.com/?a=1", "https://git.example.com/#top", 1])(
    "%j is no web address",
    (webUrl) => {
      expect(options.parse({ webUrl })).toMatchObject({ ok: false, issues: [{ path: ["webUrl"] }] });
    },
  );

  test("forms are JSON Schema objects that survive JSON", () => {
    expect(options.schema).toMatchObject({ type: "object", title: "GitHub options" });
    for (const { schema } of [auth, options, container]) {
      expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
      expect(schema).toMatchObject({ $schema: "https://json-schema.org/draft/2020-12/schema" });
    }
  });
});
