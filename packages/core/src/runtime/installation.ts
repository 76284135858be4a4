import { BackrefError } from "../errors/index.ts";
import type { Storage } from "../storage/storage.ts";

/** Keeps a copied database from speaking to trackers in the name of the original. */
export interface Installation {
  /** What the host calls it; null where nothing is checked. */
  readonly id: string | null;
  /**
   * Passes once the stored data is known to be this installation's.
   * @throws BackrefError `installation-mismatch`
   */
  check(): Promise<void>;
  takeOver(): Promise<void>;
}

/** @param id null where the host gives none: nothing is checked then */
export function createInstallation(storage: Pick<Storage, "system">, id: string | null): Installation {
  let known = id === null;
  return {
    id,
    async check() {
      if (known || id === null) return;
      const owner = await storage.system.installation({ id, takeOver: false });
      if (owner !== id) {
        throw new BackrefError({
          code: "installation-mismatch",
          message: `The stored data belongs to installation "${owner}", and this is "${id}": nothing is sent to trackers. A copy stays like this; where the data has moved here for good, call backref.takeOver() once.`,
          data: { owner, installationId: id },
        });
      }
      known = true;
    },
    async takeOver() {
      if (id === null) throw new TypeError("takeOver needs the option installationId of createBackref.");
      await storage.system.installation({ id, takeOver: true });
      known = true;
    },
  };
}
