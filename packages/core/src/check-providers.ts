const needed = ["describe", "parseIssue", "formatIssue"] as const;
const specVersion = 1;

const howToGive = "Give what a provider's factory makes, such as createGitHubProvider().";

/** @throws TypeError for what is no provider, or speaks another version of the contract, naming the place */
export function checkProviders(providers: readonly unknown[]): void {
  const ids = new Set<string>();
  for (const [index, provider] of providers.entries()) {
    const place = `createBackref: providers[${index}]`;
    if (typeof provider === "function") {
      throw new TypeError(`${place} is a function${provider.name === "" ? "" : `, ${provider.name}`}: call it.`);
    }
    if (typeof provider !== "object" || provider === null) {
      throw new TypeError(`${place} is ${provider === null ? "null" : `of the kind ${typeof provider}`}. ${howToGive}`);
    }
    const given = provider as Readonly<Record<string, unknown>>;
    const { id } = given;
    if (typeof id !== "string" || id === "") throw new TypeError(`${place} has no \`id\`. ${howToGive}`);
    if (given["specVersion"] !== specVersion) {
      throw new TypeError(
        `Provider "${id}" speaks version ${String(given["specVersion"])} of the contract; this core speaks ${specVersion}. Install versions of it and of @backref/core that belong together.`,
      );
    }
    const missing = needed.find((method) => typeof given[method] !== "function");
    if (missing !== undefined) throw new TypeError(`Provider "${id}" has no method "${missing}".`);
    const { capabilities } = given;
    if (typeof capabilities !== "object" || capabilities === null) {
      throw new TypeError(`Provider "${id}" has no \`capabilities\`; {} says that it has none.`);
    }
    if (ids.has(id)) throw new TypeError(`Two providers have the id "${id}". Give each once.`);
    ids.add(id);
  }
}
