import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Action, actionTable, methodActions } from "@backref/core";
import { expect, test } from "vitest";
import { repositoryRoot } from "../scripts/repository.ts";

const roles = ["viewer", "member", "admin"] as const;

function methodsOf(action: Action): string {
  const names = Object.entries(methodActions).flatMap(([service, methods]) =>
    Object.entries(methods)
      .filter(([, needed]) => needed === action)
      .map(([method]) => `\`${service}.${method}\``),
  );
  return names.join(", ");
}

/** The table of docs/hosting/permissions.md, as the code has it. */
function table(): readonly (readonly string[])[] {
  return Object.entries(actionTable).map(([action, rule]) => [
    `\`${action}\``,
    ...roles.map((role) => (roles.indexOf(role) >= roles.indexOf(rule.least) ? "yes" : "")),
    rule.in,
    methodsOf(action as Action),
  ]);
}

function tableIn(text: string): readonly (readonly string[])[] {
  const part = /<!-- permissions: .*?-->([\s\S]*?)<!-- \/permissions -->/.exec(text)?.[1] ?? "";
  return part
    .trim()
    .split("\n")
    .slice(2)
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

test("docs/hosting/permissions.md says who may do what, as the code does", () => {
  const written = tableIn(readFileSync(join(repositoryRoot, "docs/hosting/permissions.md"), "utf8"));
  // Each row of this is a row of the page.
  expect(written).toEqual(table());
});
