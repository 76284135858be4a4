import type { InstalledPatches } from "../../tests/mutation-gate/apply-patches.ts";
import type { Mechanism } from "../../tests/mutation-gate/mechanism.ts";

/** @throws TypeError where there is no such mechanism */
export async function mechanismNamed(id: string): Promise<Mechanism> {
  const { mechanisms } = await import("../../tests/mutation-gate/mechanisms/index.ts");
  const found = mechanisms.find((mechanism) => mechanism.id === id);
  if (found !== undefined) return found;
  const ids = mechanisms.map((mechanism) => mechanism.id).join(", ");
  throw new TypeError(`--mutation does not know "${id}". It takes ${ids}.`);
}

/** Takes a mechanism out of the modules that this thread loads from now on. */
export async function takeOut(id: string): Promise<{ readonly checkLoaded: () => void }> {
  const { installPatches, patchedFiles } = await import("../../tests/mutation-gate/apply-patches.ts");
  const mechanism = await mechanismNamed(id);
  const installed: InstalledPatches = installPatches(mechanism);
  return {
    checkLoaded() {
      const loaded = installed.loaded();
      const missing = patchedFiles(mechanism).filter((file) => !loaded.includes(file));
      if (missing.length > 0)
        throw new Error(`The simulation does not use ${missing.join(", ")}, which "${id}" patches.`);
    },
  };
}
