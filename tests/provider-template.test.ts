import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const template = new URL("../examples/provider-template/", import.meta.url);

test("the template of a provider is read in a minute: source and test have less than 150 lines", () => {
  const lines = ["src/", "test/"].flatMap((folder) =>
    readdirSync(new URL(folder, template)).flatMap((name) =>
      readFileSync(new URL(`${folder}${name}`, template), "utf8")
        .trimEnd()
        .split("\n"),
    ),
  );
  expect(lines.length).toBeLessThan(150);
});
