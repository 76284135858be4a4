import type { World } from "./world.ts";

/** REST API versions the fake knows; the first is the default. */
export const apiVersions = ["2022-11-28", "2026-03-10"] as const;

export type ApiVersion = (typeof apiVersions)[number];

/** What a GitHub may not have, as older Enterprise Servers do not. */
export type LackingFeature = "issue-types" | "issue-fields";

/** Where URLs in an answer point and which moment it shows. */
export interface View {
  readonly world: World;
  /** Without a trailing slash, such as `https://api.github.com`. */
  readonly apiUrl: string;
  /** Without a trailing slash, such as `https://github.com`. */
  readonly htmlUrl: string;
  readonly apiVersion: ApiVersion;
  readonly lacks: ReadonlySet<LackingFeature>;
  /** Epoch milliseconds; absent for now. */
  readonly asOf?: number | undefined;
}
