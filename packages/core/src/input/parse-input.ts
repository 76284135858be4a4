import { z } from "zod";
import { BackrefError, type InputIssue } from "../errors/index.ts";
import type { Form } from "../provider/form.ts";

/** What any storage and tracker can hold. */
const isStorable = (text: string): boolean => !text.includes("\0") && text.isWellFormed();
const storableMessage = "must not contain NUL characters or halves of characters (lone surrogates)";

/** Text of people, as long as any storage can hold it. */
export function storableText(bounds: {
  readonly min?: number;
  readonly max: number;
  readonly trim?: boolean;
}): z.ZodType<string> {
  const text = bounds.trim === true ? z.string().trim() : z.string();
  return text
    .min(bounds.min ?? 0)
    .max(bounds.max)
    .refine(isStorable, storableMessage);
}

/** An id of the host's: opaque, 1 to 255 characters. */
export const hostId: z.ZodType<string> = z.string().min(1).max(255).refine(isStorable, storableMessage);

/** An id of ours. */
export const recordId: z.ZodType<string> = z.string().min(1).max(255).refine(isStorable, storableMessage);

/** A name that people give: trimmed, 1 to 255 characters. */
export const displayName: z.ZodType<string> = z.string().trim().min(1).max(255).refine(isStorable, storableMessage);

/** A list of distinct texts; repetitions are dropped. */
export function distinct<Text extends string>(item: z.ZodType<Text>, most = 1_000): z.ZodType<readonly Text[]> {
  return z
    .array(item)
    .max(most)
    .transform((items) => [...new Set(items)]);
}

/**
 * Parses what a host gave.
 *
 * @param what the argument's name, for the message
 * @throws BackrefError `invalid-input`, whose `issues` name each place; values are not repeated in it
 */
export function parseInput<Value>(schema: z.ZodType<Value>, input: unknown, what: string): Value {
  const result = schema.safeParse(withoutUndefined(input, what));
  if (result.success) return result.data;
  throw invalidInput(
    what,
    result.error.issues.flatMap(ofMeantForm).map((issue) => ({
      path: issue.path.map((segment) => (typeof segment === "symbol" ? String(segment) : segment)),
      message: issue.message,
    })),
  );
}

/** Where one form of several is meant, because no other has such fields, what is wrong with that one. */
function ofMeantForm(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const meant = issue.errors.filter((errors) => !errors.some(({ code }) => code === "unrecognized_keys"));
  const [only, ...others] = meant;
  if (only === undefined || others.length > 0) return [issue];
  return only.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

/** Deeper than anything that is meant, and far from what schemas can walk through. */
const deepest = 64;

/** Absent and undefined mean the same to whoever writes `{ name: undefined }`; schemas see absent only. */
function withoutUndefined(value: unknown, what: string, depth = 0): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth > deepest) throw invalidInput(what, [{ path: [], message: `is nested deeper than ${deepest} levels` }]);
  if (Array.isArray(value)) return value.map((item) => withoutUndefined(item, what, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutUndefined(item, what, depth + 1)]));
}

/** Parses a provider's part of an input. @param path where that part is in the whole argument */
export function parseForm<Value>(form: Form<Value>, input: unknown, what: string, path: InputIssue["path"]): Value {
  const result = form.parse(input);
  if (result.ok) return result.value;
  throw invalidInput(
    what,
    result.issues.map((issue) => ({ path: [...path, ...issue.path], message: issue.message })),
  );
}

const mostPlacesTold = 20;
const longestWords = 1_000;

/** Whoever gave nonsense need not have all of it repeated, in a log least of all. */
function short(text: string): string {
  return text.length <= longestWords ? text : `${text.slice(0, longestWords).toWellFormed()}…`;
}

/** All places are in `issues`; the message tells the first ones. */
export function invalidInput(what: string, given: readonly InputIssue[]): BackrefError {
  const issues = given.map(({ path, message }) => ({
    path: path.map((segment) => (typeof segment === "string" ? short(segment) : segment)),
    message: short(message),
  }));
  const places = issues.slice(0, mostPlacesTold).map(({ path, message }) => `${pathText(path)}: ${message}`);
  const more = issues.length - places.length;
  return new BackrefError({
    code: "invalid-input",
    message: `Invalid ${what}. ${places.join("; ")}${more > 0 ? `; and ${more} more` : ""}`,
    issues,
  });
}

function pathText(path: InputIssue["path"]): string {
  if (path.length === 0) return "(the whole)";
  return path
    .map((segment, index) => (typeof segment === "number" ? `[${segment}]` : index === 0 ? segment : `.${segment}`))
    .join("");
}
