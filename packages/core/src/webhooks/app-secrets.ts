import type { Provider } from "../provider/provider.ts";

/** An app's own webhook, set up once at the tracker for all its installations. */
export interface AppWebhookOptions {
  /**
   * What the webhook signs its deliveries with, at least 16 characters. Any of them will do: a new one can be set at the
   * tracker while deliveries under the old one are on their way.
   */
  readonly secrets: readonly string[];
}

/** Secrets by provider id. */
export type AppSecrets = ReadonlyMap<string, readonly string[]>;

const shortestSecret = 16;

/** @throws TypeError for options that can never work, without repeating a secret */
export function readAppSecrets(
  given: Readonly<Record<string, AppWebhookOptions | undefined>>,
  providers: ReadonlyMap<string, Provider>,
): AppSecrets {
  const secrets = new Map<string, readonly string[]>();
  for (const [id, options] of Object.entries(given)) {
    if (options === undefined) continue;
    if (providers.get(id)?.webhooks?.appScopeOf === undefined) {
      const able = [...providers.values()].filter((provider) => provider.webhooks?.appScopeOf !== undefined);
      const names = able.map((provider) => provider.id).join(", ") || "none";
      throw new TypeError(`createBackref: appWebhooks has "${id}". Providers with webhooks of apps: ${names}.`);
    }
    const list: unknown = (options as Partial<AppWebhookOptions> | null)?.secrets;
    const isUsable = (secret: unknown) => typeof secret === "string" && secret.length >= shortestSecret;
    if (!Array.isArray(list) || list.length === 0 || !list.every(isUsable)) {
      throw new TypeError(
        `createBackref: appWebhooks.${id}.secrets must be a list of texts of at least ${shortestSecret} characters.`,
      );
    }
    secrets.set(id, [...(list as readonly string[])]);
  }
  return secrets;
}
