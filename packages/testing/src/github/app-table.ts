import type { AppRecord, InstallationRecord } from "./app-model.ts";
import type { UserRecord } from "./model.ts";

/** What the table is as plain JSON; accounts by their ids. Private keys were never in it. */
export interface SavedApps {
  readonly apps: readonly (Omit<AppRecord, "owner" | "bot"> & { readonly owner: number; readonly bot: number })[];
  readonly installations: readonly (Omit<InstallationRecord, "account"> & { readonly account: number })[];
  readonly lastId: number;
}

/** Ids start apart from all others. */
const firstId = 8_000_000;

/** Apps, and where they are installed. */
export class AppTable {
  readonly apps: Map<number, AppRecord> = new Map();
  readonly installations: Map<number, InstallationRecord> = new Map();
  #lastId = firstId;

  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  setApp(app: AppRecord): void {
    this.apps.set(app.id, app);
  }

  setInstallation(installation: InstallationRecord): void {
    this.installations.set(installation.id, installation);
  }

  save(): SavedApps {
    return {
      apps: [...this.apps.values()].map((app) => ({ ...app, owner: app.owner.id, bot: app.bot.id })),
      installations: [...this.installations.values()].map((row) => ({ ...row, account: row.account.id })),
      lastId: this.#lastId,
    };
  }

  restore(saved: SavedApps, userOf: (id: number) => UserRecord | undefined): void {
    const require = (id: number): UserRecord => {
      const user = userOf(id);
      if (user === undefined) throw new RangeError(`There is no account ${id}`);
      return user;
    };
    for (const app of saved.apps) this.setApp({ ...app, owner: require(app.owner), bot: require(app.bot) });
    for (const row of saved.installations) this.setInstallation({ ...row, account: require(row.account) });
    this.#lastId = saved.lastId;
  }
}
