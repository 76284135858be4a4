import assert from "node:assert/strict";
import type { Provider } from "@backref/core/provider";
import type { Rule } from "../rule.ts";
import type { ProviderContext } from "./context.ts";

/** Groups that rules are about. */
export type GroupName =
  | "connect"
  | "read"
  | "search"
  | "create"
  | "update"
  | "comments"
  | "changes"
  | "webhooks"
  | "form"
  | "labels"
  | "people"
  | "containers"
  | "attachments"
  | "authorization";

/** When a rule applies. Only what the provider declares may excuse it. */
export interface RuleConditions {
  /** Skipped without these. */
  readonly groups?: readonly GroupName[];
  /** A further reason to skip, found in the capabilities; null where there is none. */
  readonly unless?: (context: ProviderContext) => string | null;
}

type Check = (context: ProviderContext) => Promise<void>;

/** Rules of one member of the contract: id without its prefix, title, check, and conditions beside those of all. */
export function defineRules(
  documentedAt: string,
  conditions: RuleConditions,
  entries: readonly (readonly [id: string, title: string, check: Check, own?: RuleConditions])[],
): readonly Rule<ProviderContext>[] {
  return entries.map(([id, title, check, own = {}]) => ({
    id: `provider/${id}`,
    title,
    documentedAt,
    check,
    skip: (context) => reasonToSkip(context, conditions) ?? reasonToSkip(context, own),
  }));
}

function reasonToSkip(context: ProviderContext, { groups = [], unless }: RuleConditions): string | null {
  const missing = groups.find((name) => context.provider[name] === undefined);
  if (missing !== undefined) return `the provider has no group \`${missing}\``;
  return unless?.(context) ?? null;
}

/** A group of the provider under test. */
export function groupOf<Name extends GroupName>(
  { provider }: Pick<ProviderContext, "provider">,
  name: Name,
): NonNullable<Provider[Name]> {
  const group = provider[name];
  assert.ok(group !== undefined, `the provider has no group \`${name}\``);
  return group as NonNullable<Provider[Name]>;
}

/** Trackers without labels declare neither the group nor that priorities live in them. */
export function withoutLabels({ provider, capabilities }: ProviderContext): string | null {
  const hasLabels = provider.labels !== undefined || capabilities.priority === "labels";
  return hasLabels ? null : "the provider declares no labels";
}
