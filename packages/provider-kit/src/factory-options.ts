/**
 * What an option of a provider's factory takes: a text that is not empty, a number above zero, a list, a function, or an
 * application of the host's at the tracker, with `clientId` and `clientSecret`.
 */
export type FactoryOptionKind = "text" | "number" | "list" | "function" | "application";

const fits: Readonly<Record<Exclude<FactoryOptionKind, "application">, (value: unknown) => boolean>> = {
  text: (value) => typeof value === "string" && value.trim() !== "",
  number: (value) => typeof value === "number" && Number.isFinite(value) && value > 0,
  list: Array.isArray,
  function: (value) => typeof value === "function",
};

const words: Readonly<Record<Exclude<FactoryOptionKind, "application">, string>> = {
  text: "a text that is not empty",
  number: "a number above zero",
  list: "a list",
  function: "a function",
};

/**
 * Refuses what a host cannot have meant, before it goes wrong somewhere else: a misspelt option, a value of another kind, an
 * application whose id or secret is missing because an environment variable is not set.
 *
 * @param factory the function's name, for the message
 * @param kinds every option there is; each may be absent
 * @throws TypeError naming the option
 */
export function checkFactoryOptions(
  factory: string,
  options: unknown,
  kinds: Readonly<Record<string, FactoryOptionKind>>,
): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError(`${factory} takes an object of options, or nothing.`);
  }
  for (const [name, value] of Object.entries(options)) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) {
      throw new TypeError(`${factory} has no option "${name}". There are: ${Object.keys(kinds).join(", ") || "none"}.`);
    }
    if (value === undefined) continue;
    if (kind === "application") checkApplication(`${factory}: ${name}`, value);
    else if (!fits[kind](value)) throw new TypeError(`${factory}: ${name} must be ${words[kind]}.`);
  }
}

function checkApplication(place: string, value: unknown): void {
  if (typeof value !== "object" || value === null) throw new TypeError(`${place} must be { clientId, clientSecret }.`);
  const given = value as Readonly<Record<string, unknown>>;
  const missing = ["clientId", "clientSecret"].find((member) => !fits.text(given[member]));
  if (missing !== undefined) {
    throw new TypeError(`${place}.${missing} must be ${words.text}; is its environment variable set?`);
  }
}
