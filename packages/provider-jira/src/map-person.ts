import type { RemotePerson } from "@backref/core/provider";
import { z } from "zod";

export interface JiraPerson {
  readonly accountId?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly key?: string | null | undefined;
  readonly displayName?: string | null | undefined;
  readonly emailAddress?: string | null | undefined;
}

export const personShape: z.ZodType<JiraPerson> = z.object({
  accountId: z.string().nullish(),
  name: z.string().nullish(),
  key: z.string().nullish(),
  displayName: z.string().nullish(),
  emailAddress: z.string().nullish(),
});

/** Cloud knows people by an account id and has no names to type; Data Center by their user name. */
export function mapPerson({ accountId, name, key, displayName }: JiraPerson): RemotePerson {
  const login = accountId ? null : (name ?? null);
  const id = accountId || name || key || "unknown";
  return { id, login, displayName: displayName || login || id };
}
