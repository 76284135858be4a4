import { createGitHubProvider } from "@backref/provider-github";
import { createMemoryStorage } from "@backref/storage-memory";
import { expect, test } from "vitest";
import { createBackref } from "../../src/index.ts";
import { errorOf } from "../support/error-of.ts";

test.each([
  ["a header with another one in it", "https://api.github.com/", { authorization: "Bearer secret\r\nx-evil: 1" }],
  ["a list of such headers", "https://api.github.com/", [["authorization", "secret\n"] as [string, string]]],
  ["a character that headers cannot hold", "https://api.github.com/", { authorization: "secret\u{2028}" }],
  ["a header whose name is none", "https://api.github.com/", { "secret name": "x" }],
  ["a password in the address", "https://max:secret@api.github.com/", {}],
  ["a file", "file:///secret", {}],
  ["no address", "secret", {}],
])("%s does not leave, and nobody reads it in the error", async (_name, url, headers) => {
  const github = createGitHubProvider();
  const sent: string[] = [];
  const backref = createBackref({
    storage: createMemoryStorage(),
    providers: [
      {
        ...github,
        connect: {
          account: () => Promise.reject(new TypeError("not asked for")),
          probe: () => Promise.resolve(true),
          test: async (call) => {
            await call.fetch(url, { headers });
            return { ok: true, account: null, scopes: [], expiresAt: null, containers: [], problems: [] };
          },
        },
      },
    ],
    secretKeys: [{ id: "test", key: Buffer.alloc(32, 7).toString("base64") }],
    fetch: async (input) => {
      sent.push(String(input));
      return new Response("{}");
    },
  });
  const { sources } = backref.as({ tenantId: "acme", userId: "olga", role: "owner" });
  const { id } = await sources.create({ name: "GitHub", provider: "github", auth: { type: "token", token: "t" } });
  const error = await errorOf(sources.test(id));
  expect(error.code).toBe("tracker-rejected");
  expect(error.message).toMatch(/^The request was not sent/);
  expect(error.message).not.toContain("secret");
  expect(sent).toEqual([]);
});
