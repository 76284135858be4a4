import type { World } from "./world.ts";

/** REST API versions the fake knows; the first is the default. */
export const apiVersions = ["2022-11-28", "2026-03-10"] as const;

export type ApiVersion = (typeof apiVersions)[number];

/** Where URLs in an answer point and which moment it shows. */
export interface View {
  readonly world: World;
  /** Without a trailing slash, such as `https://api.github.com`. */
  readonly apiUrl: string;
  /** Without a trailing slash, such as `https://github.com`. */
  readonly htmlUrl: string;
  readonly apiVersion: ApiVersion;
  /** Epoch milliseconds; absent for now. */
  readonly asOf?: number | undefined;
}
