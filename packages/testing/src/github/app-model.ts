import type { FineGrainedPermissions, UserRecord } from "./model.ts";

/** Where an app's own webhook goes. */
export interface AppHook {
  readonly id: number;
  readonly url: string;
  readonly secret: string | null;
}

/** A GitHub App. What it does, it does as its account `slug[bot]`. */
export interface AppRecord {
  readonly id: number;
  readonly nodeId: string;
  readonly clientId: string;
  readonly slug: string;
  readonly name: string;
  readonly owner: UserRecord;
  readonly bot: UserRecord;
  /** PEM; whoever has one of the private keys speaks for the app. */
  readonly publicKeys: readonly string[];
  readonly permissions: FineGrainedPermissions;
  readonly events: readonly string[];
  readonly hook: AppHook | null;
  readonly createdAt: number;
}

/** An app in an account. */
export interface InstallationRecord {
  readonly id: number;
  readonly nodeId: string;
  readonly appId: number;
  readonly account: UserRecord;
  /** Ids; null for all that the account owns. */
  readonly repositories: readonly number[] | null;
  /** What the account has granted, which may be less than the app asks for by now. */
  readonly permissions: FineGrainedPermissions;
  readonly suspendedAt: number | null;
  readonly createdAt: number;
}
