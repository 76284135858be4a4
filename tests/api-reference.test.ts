import { describe, expect, test } from "vitest";
import { readDocComment } from "../scripts/api-reference/doc-comment.ts";
import { API_FOLDER, apiPages } from "../scripts/api-reference/pages.ts";
import { readReference } from "../scripts/api-reference/reference.ts";
import { readTracked, trackedFiles } from "./support/tracked-files.ts";

const pages = apiPages();

test("the API reference has a page for each entry point and no other", () => {
  const present = trackedFiles().filter((path) => path.startsWith(`${API_FOLDER}/`));
  expect(present, "run `pnpm docs:api`").toEqual([...pages.keys()].map((name) => `${API_FOLDER}/${name}`).sort());
});

test.each([...pages.keys()])("%s says what the source says", (name) => {
  expect(readTracked(`${API_FOLDER}/${name}`), "run `pnpm docs:api` and look at what changed").toBe(pages.get(name));
});

/**
 * Where a method without a word is a fault. What people do at a fake tracker is named after it, and providers have no
 * methods of their own.
 */
const CONTRACTS = ["core", "core/provider", "core/storage", "provider-kit", "testing"].map(
  (name) => `@backref/${name}`,
);

describe.each(readReference().entries)("$specifier", ({ specifier, comment, exports, parts }) => {
  const described = exports.filter(({ describedBy }) => describedBy === specifier);

  test("says what it is for", () => {
    expect(readDocComment(comment).summary).not.toBe("");
  });

  test("describes every name that it exports", () => {
    const silent = described.filter(({ declaration }) => !hasSummary(declaration.comment));
    expect(silent.map(({ name, declaration }) => `${declaration.file}: ${name}`)).toEqual([]);
  });

  if (!CONTRACTS.includes(specifier)) return;
  test("says what it means that something is absent", () => {
    const declarations = [...described, ...parts].map(({ declaration }) => declaration);
    const silent = declarations.flatMap(({ file, name, comment: whole, members }) =>
      /absent|default/i.test(whole ?? "")
        ? []
        : members
            .filter((member) => /^readonly \w+\?:(?! never;)/.test(member.signature) && !hasSummary(member.comment))
            .map((member) => `${file}: ${name}.${member.name}`),
    );
    expect(silent).toEqual([]);
  });

  test("describes every method of what it exports", () => {
    const silent = described.flatMap(({ name, declaration }) => {
      const told = declaration.members.filter(({ comment }) => hasSummary(comment)).map((member) => member.name);
      return declaration.members
        .filter((member) => member.isMethod && member.name !== "constructor" && !told.includes(member.name))
        .map((member) => `${declaration.file}: ${name}.${member.name}`);
    });
    expect(silent).toEqual([]);
  });
});

function hasSummary(comment: string | null): boolean {
  if (comment === null) return false;
  const { summary, defaultText } = readDocComment(comment);
  return summary !== "" || defaultText !== null;
}
