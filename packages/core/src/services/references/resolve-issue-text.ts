import type { FormattedIssue, IssueLocation } from "../../domain/issue-snapshot.ts";
import { BackrefError } from "../../errors/index.ts";
import type { Provider } from "../../provider/provider.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { siteOf } from "../../runtime/session.ts";
import { providerFor } from "../../runtime/source-provider.ts";
import { notFound } from "../../security/authoriser.ts";
import type { SourceRow } from "../../storage/rows/source-rows.ts";
import { type FoundIssue, findIssueInText } from "./issue-text.ts";
import { containerOfKey, containerOfProject, isUsableBy, type SourceChoice } from "./reference-sources.ts";

/** An issue that a text names; whether it exists is not known. */
export interface NamedIssue {
  readonly source: SourceRow;
  readonly provider: Provider;
  readonly container: string;
  readonly item: string;
  readonly formatted: FormattedIssue;
}

export interface IssueText {
  readonly text: string;
  readonly projectId: string;
  readonly sourceId?: string;
}

interface Match {
  readonly choice: SourceChoice;
  readonly provider: Provider;
  readonly location: IssueLocation;
}

/** Pure: finds the source and the place a text names. Throws what `references.add` documents. */
export function resolveIssueText(runtime: Runtime, choices: readonly SourceChoice[], request: IssueText): NamedIssue {
  const { choice, provider, location } =
    request.sourceId === undefined
      ? matchBySearch(runtime, choices, request)
      : matchInSource(runtime, choices, request, request.sourceId);
  const { source } = choice;
  if (!source.enabled) throw sourceDisabled(source);
  if (!isForLinks(source)) throw notForLinks(source);
  const site = siteOf(source);
  const named = location.container ?? containerOfKey(provider, choice, request.projectId);
  if (named === null) throw containerRequired(choice, request.text);
  const normal = provider.describe().container.parse(named);
  const container = normal.ok ? normal.value : named;
  const formatted = provider.formatIssue({ container, item: location.item }, site);
  if (!isAllowed({ source, provider }, { container, item: location.item }))
    throw containerNotAllowed(source, container);
  return { source, provider, container, item: location.item, formatted };
}

/** True where the source's list of containers, if it has one, names this place, in whatever way. */
export function isAllowed(
  { source, provider }: { readonly source: SourceRow; readonly provider: Provider },
  { container, item }: { readonly container: string; readonly item: string },
): boolean {
  if (source.containers === null) return true;
  const keyIn = (place: string) => provider.formatIssue({ container: place, item }, siteOf(source)).canonicalKey;
  return source.containers.some((allowed) => keyIn(allowed) === keyIn(container));
}

function mayReach({ choice: { source }, provider, location: { container, item } }: Match): boolean {
  return container !== null && isAllowed({ source, provider }, { container, item });
}

function matchInSource(
  runtime: Runtime,
  choices: readonly SourceChoice[],
  { text, projectId }: IssueText,
  sourceId: string,
): Match {
  const choice = choices.find(({ source }) => source.id === sourceId);
  if (choice === undefined || !isUsableBy(choice.source, projectId)) throw notFound({ kind: "source", id: sourceId });
  const provider = providerFor(runtime, choice.source);
  const found = findIn(provider, choice, { text, projectId });
  if (found.kind === "several") throw severalIssues(found.texts, [choice]);
  if (found.kind === "none") {
    throw notRecognised(`it is no key or URL of "${choice.source.name}" (${choice.source.baseUrl})`, [choice]);
  }
  return { choice, provider, location: found.location };
}

/** A key that names no place is the same issue as the URL of that number in the project's own container. */
function findIn(provider: Provider, choice: SourceChoice, { text, projectId }: IssueText): FoundIssue {
  const site = siteOf(choice.source);
  const ownContainer = containerOfProject(choice, projectId);
  return findIssueInText(text, {
    parse: (part) => provider.parseIssue(part, site),
    keyOf: ({ container, item }) => {
      const place = container ?? ownContainer;
      return place === null ? ` ${item}` : provider.formatIssue({ container: place, item }, site).canonicalKey;
    },
  });
}

type Several = Extract<FoundIssue, { readonly kind: "several" }>;

function matchBySearch(runtime: Runtime, choices: readonly SourceChoice[], { text, projectId }: IssueText): Match {
  const usable = choices.filter(({ source }) => isUsableBy(source, projectId));
  const several: Several[] = [];
  const matches = usable.flatMap((choice): readonly Match[] => {
    if (!runtime.providers.has(choice.source.providerId)) return [];
    const provider = providerFor(runtime, choice.source);
    const found = findIn(provider, choice, { text, projectId });
    if (found.kind === "several") several.push(found);
    return found.kind === "one" ? [{ choice, provider, location: found.location }] : [];
  });
  const [crowd] = several;
  if (crowd !== undefined) throw severalIssues(crowd.texts, usable);
  const enabled = matches.filter(({ choice: { source } }) => source.enabled && isForLinks(source));
  const [firstDisabled] = matches;
  if (enabled.length === 0 && firstDisabled !== undefined) return firstDisabled;
  // A text that names its place beats one that fits anywhere; else the project's own targets decide. Of sources that know
  // the place, those that may reach it.
  const complete = enabled.filter(({ location }) => location.container !== null);
  const reachable = complete.filter(mayReach);
  const placed = enabled.filter(({ choice }) => containerOfProject(choice, projectId) !== null);
  const candidates =
    reachable.length > 0 ? reachable : complete.length > 0 ? complete : placed.length > 0 ? placed : enabled;
  const [match, ...others] = candidates;
  if (match === undefined) throw notRecognised("no source of this project knows such keys or URLs", usable);
  if (others.length > 0) throw ambiguous(candidates.map(({ choice }) => choice));
  return match;
}

function sourceCandidates(choices: readonly SourceChoice[]) {
  return choices.map(({ source }) => ({ sourceId: source.id, name: source.name, baseUrl: source.baseUrl }));
}

function notRecognised(why: string, choices: readonly SourceChoice[]): BackrefError {
  return new BackrefError({
    code: "issue-not-recognised",
    message: `The text names no issue here: ${why}. Paste the issue's URL, or its key as the tracker shows it.`,
    data: { candidates: sourceCandidates(choices) },
  });
}

function severalIssues(texts: readonly string[], choices: readonly SourceChoice[]): BackrefError {
  return new BackrefError({
    code: "issue-not-recognised",
    message: `The text names several issues (${texts.slice(0, 3).join(", ")}${texts.length > 3 ? ", …" : ""}). Link them one by one.`,
    data: { candidates: sourceCandidates(choices) },
  });
}

function ambiguous(choices: readonly SourceChoice[]): BackrefError {
  const names = choices.map(({ source }) => `"${source.name}"`).join(", ");
  const message = `several sources know such an issue (${names}); say which`;
  return new BackrefError({
    code: "invalid-input",
    message: `Ambiguous issue: ${message} with \`sourceId\`, or paste the issue's URL.`,
    issues: [{ path: ["sourceId"], message }],
    data: { candidates: sourceCandidates(choices) },
  });
}

function containerRequired({ source, targets }: SourceChoice, text: string): BackrefError {
  const candidates = [...new Set([...(source.containers ?? []), ...targets.map((target) => target.container)])];
  return new BackrefError({
    code: "container-required",
    message: `"${text.trim().slice(0, 100)}" does not say where it is, and the project has no target in "${source.name}". Write the whole key or URL${candidates.length === 0 ? "" : `; possible: ${candidates.join(", ")}`}.`,
    data: { sourceId: source.id, candidates },
  });
}

function containerNotAllowed(source: SourceRow, container: string): BackrefError {
  return new BackrefError({
    code: "container-not-allowed",
    message: `"${source.name}" is configured not to reach "${container}" (allowed: ${source.containers?.join(", ") || "none"}). An admin can add it to the source's containers.`,
    data: { sourceId: source.id, container, candidates: source.containers ?? [] },
  });
}

/** True unless an admin switched it off. */
export function isForLinks({ features }: SourceRow): boolean {
  return features === null || features.includes("link");
}

/** Nor with this one. */
export function notForLinks(source: SourceRow): BackrefError {
  return new BackrefError({
    code: "capability-missing",
    message: `Linking is switched off for source "${source.name}". An admin can add "link" to its features.`,
    providerId: source.providerId,
    data: { sourceId: source.id },
  });
}

/** New references cannot be made with it. */
export function sourceDisabled(source: SourceRow): BackrefError {
  return new BackrefError({
    code: "source-not-runnable",
    message: `Source "${source.name}" is switched off. An admin can enable it with sources.update(id, { enabled: true }).`,
    data: { sourceId: source.id },
  });
}
