import type { Provider } from "../provider/provider.ts";
import { cleanText } from "./clean-text.ts";

function cleanValue(value: unknown): unknown {
  if (typeof value === "string") return cleanText(value);
  if (Array.isArray(value)) return value.map(cleanValue);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Promise) return value.then(cleanValue);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, cleanValue(entry)]));
}

function cleanAnswers<Target extends object>(target: Target, isGroup: boolean): Target {
  return new Proxy(target, {
    get(object, name) {
      const member: unknown = Reflect.get(object, name, object);
      if (typeof member === "function" && isGroup) {
        return (...given: unknown[]): unknown => cleanValue(Reflect.apply(member, object, given));
      }
      if (typeof member === "function") return member.bind(object);
      return typeof member === "object" && member !== null && !isGroup ? cleanAnswers(member, true) : member;
    },
  });
}

/** A provider whose answers hold nothing that a storage would have to refuse: remote text is data, whatever it holds. */
export function cleanProvider(provider: Provider): Provider {
  return cleanAnswers(provider, false);
}
