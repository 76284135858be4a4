import { errorCodes } from "@backref/core";
import { expect, test } from "vitest";
import { readTracked } from "./support/tracked-files.ts";

const rows = [...readTracked("docs/errors.md").matchAll(/^\| `([\w-]+)` *\|(.*)\|(.*)\|$/gm)].map(
  ([, code = "", cause = "", remedy = ""]) => ({ code, cause: cause.trim(), remedy: remedy.trim() }),
);

test("docs/errors.md lists every error code, in the order of the code", () => {
  expect(rows.map(({ code }) => code)).toEqual(Object.keys(errorCodes));
});

test("docs/errors.md gives each code a cause and a remedy", () => {
  expect(rows.filter(({ cause, remedy }) => cause.length < 20 || remedy.length < 20)).toEqual([]);
});
