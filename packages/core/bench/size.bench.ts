import type { Figure } from "../../../scripts/figure.ts";
import { measurePackages } from "../../../tests/packaging/measure.ts";
import { sizeLimits } from "../../../tests/packaging/size-limits.ts";

export const title = "Packed sizes";
export const about =
  "Thousands of bytes, against the limits that the tests hold. Most of a package are its source, its declarations and the maps between them; what there is to load is its code.";

export async function figures(): Promise<readonly Figure[]> {
  const kilobytes = (bytes: number) => Math.round(bytes / 1_000);
  return (await measurePackages()).flatMap(({ name, packedBytes, unpackedBytes, codeBytes }): readonly Figure[] => [
    {
      name: `${name}, packed`,
      value: kilobytes(packedBytes),
      unit: "kB",
      baseline: sizeLimits[name]?.packedKilobytes ?? null,
    },
    {
      name: `${name}, unpacked`,
      value: kilobytes(unpackedBytes),
      unit: "kB",
      baseline: sizeLimits[name]?.unpackedKilobytes ?? null,
    },
    { name: `${name}, code`, value: kilobytes(codeBytes), unit: "kB", baseline: null },
  ]);
}
