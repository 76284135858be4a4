import { expect, test } from "vitest";
import { checkFactoryOptions } from "../src/index.ts";

const check = (options: unknown) =>
  checkFactoryOptions("createToyProvider", options, {
    userAgent: "text",
    timeoutMs: "number",
    limits: "list",
    token: "function",
    oauth: "application",
  });

test("takes what is meant, and undefined for what is not there", () => {
  check({});
  check({ userAgent: undefined, oauth: undefined });
  const oauth = { clientId: "id", clientSecret: "secret", actor: "user" };
  check({ userAgent: "tests", timeoutMs: 5, limits: [], token: async () => "", oauth });
});

test.each<[string, unknown, RegExp]>([
  ["null", null, /takes an object of options/],
  ["a list", [], /takes an object of options/],
  ["a misspelt option", { ouath: {} }, /no option "ouath". There are: userAgent, timeoutMs, limits, token, oauth/],
  ["a name of every object", { constructor: 5 }, /no option "constructor"/],
  ["an empty text", { userAgent: " " }, /userAgent must be a text/],
  ["a number as text", { timeoutMs: "5" }, /timeoutMs must be a number above zero/],
  ["no time at all", { timeoutMs: 0 }, /timeoutMs must be a number above zero/],
  ["one for a list", { limits: {} }, /limits must be a list/],
  ["a token for its maker", { token: "x" }, /token must be a function/],
  ["an application by its id", { oauth: "id" }, /oauth must be \{ clientId, clientSecret \}/],
  [
    "a variable that is not set",
    { oauth: { clientId: "id", clientSecret: undefined } },
    /oauth\.clientSecret.*environment/,
  ],
])("refuses %s", (_name, options, words) => {
  expect(() => check(options)).toThrow(TypeError);
  expect(() => check(options)).toThrow(words);
});
