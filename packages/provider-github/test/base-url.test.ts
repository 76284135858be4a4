import { expect, test } from "vitest";
import { normaliseBaseUrl } from "../src/site.ts";

test.each([
  ["https://github.com", "https://api.github.com"],
  ["https://www.github.com/acme/web", "https://api.github.com"],
  ["https://api.github.com", "https://api.github.com"],
  ["https://api.github.com/graphql", "https://api.github.com"],
  ["https://acme.ghe.com", "https://api.acme.ghe.com"],
  ["https://acme.ghe.com/api/v3", "https://api.acme.ghe.com"],
  ["https://api.acme.ghe.com", "https://api.acme.ghe.com"],
  ["https://github.example.com", "https://github.example.com/api/v3"],
  ["https://github.example.com/api", "https://github.example.com/api/v3"],
  ["https://github.example.com/api/graphql", "https://github.example.com/api/v3"],
  ["https://github.example.com/api/v3", "https://github.example.com/api/v3"],
  ["http://github.internal", "http://github.internal/api/v3"],
  ["https://proxy.example.com/github", "https://proxy.example.com/github"],
  ["https://api.example.com", "https://api.example.com"],
  ["http://127.0.0.1:4000", "http://127.0.0.1:4000"],
  ["https://notgithub.com", "https://notgithub.com/api/v3"],
  ["https://github.com.example.com", "https://github.com.example.com/api/v3"],
])("%s is %s", (typed, expected) => {
  expect(normaliseBaseUrl(typed)).toBe(expected);
  expect(normaliseBaseUrl(expected)).toBe(expected);
});
