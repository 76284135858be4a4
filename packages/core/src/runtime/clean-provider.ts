import type { ChangesPage } from "../provider/groups/changes.ts";
import type { Provider } from "../provider/provider.ts";
import { cleanAnswer } from "./clean-answer.ts";
import { cleanText } from "./clean-text.ts";
import { observeCall } from "./observed-call.ts";
import { safeUrl } from "./safe-url.ts";
import { hasUsableIds } from "./usable-ids.ts";

type Method = (...given: unknown[]) => unknown;

const later = (answer: unknown, clean: (value: unknown) => unknown): unknown =>
  answer instanceof Promise ? answer.then(clean) : clean(answer);

/** Credentials are nobody's text to be shown: they stay as they came, but for what no storage can hold. */
const cleanCredential = (answer: unknown): unknown => cleanAnswer(answer, { line: cleanText, url: (url) => url });

/** One row of a tracker's that nobody could store must not hold up the others. */
function cleanChanges(answer: unknown): unknown {
  const page = cleanAnswer(answer) as ChangesPage;
  return {
    ...page,
    issues: page.issues.filter(hasUsableIds),
    comments: page.comments.filter((entry) => hasUsableIds(entry) && hasUsableIds(entry.comment)),
    ...(page.left !== undefined && { left: page.left.filter(hasUsableIds) }),
  };
}

const ownCleaning: Readonly<Record<string, (answer: unknown) => unknown>> = {
  authorization: cleanCredential,
  changes: cleanChanges,
};

function cleanGroup(group: object, name: string): object {
  const clean = ownCleaning[name] ?? ((answer: unknown) => cleanAnswer(answer));
  return new Proxy(group, {
    get(object, member) {
      const method: unknown = Reflect.get(object, member, object);
      if (typeof method !== "function") return method;
      const invoke = (given: readonly unknown[]): unknown =>
        later(Reflect.apply(method as Method, object, [...given]), clean);
      return (...given: unknown[]): unknown => observeCall(`${name}.${String(member)}`, given, invoke);
    },
  });
}

/** Addresses made of what the tracker says; one that is no good leads to the tracker itself. */
function cleanFormat(formatIssue: Provider["formatIssue"]): Provider["formatIssue"] {
  return (location, site) => {
    const formatted = formatIssue(location, site);
    return { ...formatted, url: safeUrl(formatted.url) ?? site.baseUrl };
  };
}

/**
 * A provider whose answers hold nothing that a storage would have to refuse, and nothing that is more than text: what comes
 * from a tracker is data, whatever it holds. Its calls are observed.
 */
export function cleanProvider(provider: Provider): Provider {
  const formatIssue = cleanFormat((location, site) => provider.formatIssue(location, site));
  return new Proxy(provider, {
    get(object, name) {
      if (name === "formatIssue") return formatIssue;
      const member: unknown = Reflect.get(object, name, object);
      if (typeof member === "function") return member.bind(object);
      return typeof member === "object" && member !== null ? cleanGroup(member, String(name)) : member;
    },
  });
}
