import { homedir } from "node:os";
import { describe, expect, test } from "vitest";
import { repositoryRoot } from "../scripts/repository.ts";
import { readTracked, trackedFiles } from "./support/tracked-files.ts";

interface Rule {
  readonly title: string;
  readonly pattern: RegExp;
  readonly applies: (path: string) => boolean;
}

const everywhere = (): boolean => true;
const inWrittenFiles = (path: string): boolean => path !== "pnpm-lock.yaml";
const inCode = (path: string): boolean => path.endsWith(".ts");

/** Character classes such as `[O]` keep a rule from finding itself. */
const RULES: readonly Rule[] = [
  {
    title: "the address of a package registry",
    pattern: /\b(registry\.(npm[j]s|yarn[p]kg)|npm\.pkg\.[g]ithub|artifac[t]ory|verdac[c]io)/i,
    applies: everywhere,
  },
  {
    title: "a package that comes from a URL instead of the registry",
    pattern: /^\s*(resolution: \{.*)?tarball: /,
    applies: (path) => path === "pnpm-lock.yaml",
  },
  {
    title: "a folder of somebody's machine",
    pattern: /(?<![\w.@}*-])(\/(home|Users|root|work|workspace|mnt|tmp)\/\w\w|[A-Z]:\\Users\\)/,
    applies: everywhere,
  },
  // In quotes it is the name of a state, as document formats have it.
  {
    title: "unfinished work",
    pattern: /(?<!")\bTO[D]O\b(?!")|\bFIX[M]E\b|\b[Nn]ot imple[m]ented\b/,
    applies: inWrittenFiles,
  },
  {
    title: "a way around the type checker",
    pattern: /@ts-(igno[r]e|noch[e]ck)|biome-ignore lint\/suspicious\/noExplicit[A]ny/,
    applies: inCode,
  },
  {
    title: "a test that is switched off, or switches off the others",
    pattern: /\b(it|test|describe|suite|bench)\.(onl[y]|ski[p]|tod[o])\(/,
    applies: inCode,
  },
  { title: "a skip without a reason", pattern: /\bski[p]\(\s*(true)?\s*\)/, applies: inCode },
];

const files = trackedFiles().map((path) => ({ path, lines: readTracked(path).split("\n") }));

describe("no file contains", () => {
  test.each(RULES)("$title", ({ pattern, applies }) => {
    expect(linesWith((line) => pattern.test(line), applies)).toEqual([]);
  });

  test("the folder of this clone or the home of this user", () => {
    const folders = [repositoryRoot, homedir()].filter((folder) => folder.length > 1).map((folder) => `${folder}/`);
    expect(linesWith((line) => folders.some((folder) => line.includes(folder)), everywhere)).toEqual([]);
  });
});

function linesWith(matches: (line: string) => boolean, applies: (path: string) => boolean): readonly string[] {
  return files
    .filter(({ path }) => applies(path))
    .flatMap(({ path, lines }) =>
      lines.flatMap((line, index) => (matches(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 120)}`] : [])),
    );
}
