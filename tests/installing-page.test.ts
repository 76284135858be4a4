import { expect, test } from "vitest";
import { coreImportLimit, sizeLimits } from "./packaging/size-limits.ts";
import { packages } from "./support/packages.ts";
import { readTracked } from "./support/tracked-files.ts";

const page = readTracked("docs/installing.md");

test("every package has a limit of its size, and the documentation says the same", () => {
  const rows = [...page.matchAll(/^\| `(@backref\/[\w-]+)` *\| (\d+) kB *\| (\d+) kB *\|$/gm)];
  const documented = rows.map(([, name, packed, unpacked]) => [name, Number(packed), Number(unpacked)]);
  expect(documented).toEqual(
    packages.map(({ manifest: { name } }) => [
      name,
      sizeLimits[name]?.packedKilobytes,
      sizeLimits[name]?.unpackedKilobytes,
    ]),
  );
  expect(Object.keys(sizeLimits)).toHaveLength(packages.length);
});

test("the documentation says what importing core may cost", () => {
  const { modules, kilobytes } = coreImportLimit;
  expect(page.replace(/\n/g, " ")).toContain(`at most ${modules} modules with ${kilobytes} kB of JavaScript`);
});
