import type { Provider } from "../provider/provider.ts";
import { cleanText } from "./clean-text.ts";
import { observeCall } from "./observed-call.ts";

function cleanValue(value: unknown): unknown {
  if (typeof value === "string") return cleanText(value);
  if (Array.isArray(value)) return value.map(cleanValue);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Promise) return value.then(cleanValue);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, cleanValue(entry)]));
}

/** @param group the name of the group; null for the provider itself */
function cleanAnswers<Target extends object>(target: Target, group: string | null): Target {
  return new Proxy(target, {
    get(object, name) {
      const member: unknown = Reflect.get(object, name, object);
      if (typeof member === "function" && group !== null) {
        const invoke = (given: readonly unknown[]): unknown => cleanValue(Reflect.apply(member, object, given));
        return (...given: unknown[]): unknown => observeCall(`${group}.${String(name)}`, given, invoke);
      }
      if (typeof member === "function") return member.bind(object);
      const isGroup = typeof member === "object" && member !== null && group === null;
      return isGroup ? cleanAnswers(member, String(name)) : member;
    },
  });
}

/**
 * A provider whose answers hold nothing that a storage would have to refuse: remote text is data, whatever it holds. Its
 * calls are observed.
 */
export function cleanProvider(provider: Provider): Provider {
  return cleanAnswers(provider, null);
}
