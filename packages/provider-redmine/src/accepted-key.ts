import type { Operation } from "@backref/provider-kit";
import type { RedmineClient } from "./client.ts";

/**
 * Throws `auth` for a key that Redmine does not know. With one it takes whoever reads for a stranger, and a stranger sees the
 * projects that are public: an answer without something does not mean that it is gone.
 */
export async function requireKnownKey(client: RedmineClient, { name }: Operation): Promise<void> {
  await client.request({ name, isWrite: false }, "GET", "/users/current");
}
