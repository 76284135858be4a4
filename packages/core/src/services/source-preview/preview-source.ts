import { isDeepStrictEqual } from "node:util";
import type { LinkCase } from "../../engine/link-case.ts";
import { mappingOfLink } from "../../engine/link-mapping.ts";
import { linkStatusOf } from "../../engine/link-status.ts";
import { loadMaterial, rulesFor } from "../../engine/load-links.ts";
import { parseInput } from "../../input/parse-input.ts";
import { resolveSourceCapabilities } from "../../provider/resolved-capabilities.ts";
import { providerFor } from "../../runtime/source-provider.ts";
import type { LinkRow } from "../../storage/rows/link-rows.ts";
import type { BudgetRow, SourceRow, TargetRow } from "../../storage/rows/source-rows.ts";
import { defectResource, linkResource } from "../defects/defect-access.ts";
import { collectPage } from "../paging.ts";
import { refuseTransaction, type ServiceContext } from "../service-context.ts";
import type { PreviewedLink, SourcePreview } from "../source-preview-types.ts";
import { changesMapping, nextTargets } from "../sources/plan-targets.ts";
import { checkTargets, mappingProblems, parseTargetContainers } from "../sources/source-checks.ts";
import { type ParsedPreview, previewSchema } from "../sources/source-input.ts";
import { loadSource } from "../sources/source-rows.ts";
import { isWorthTelling, type PreviewedCase, previewLook } from "./preview-link.ts";
import { cachedOutcome, readForPreview } from "./preview-reads.ts";
import { createPreviewSums } from "./preview-sums.ts";

const smallestPage = 50;
const largestPage = 1_000;

/** A source under some mapping. */
interface Rules {
  readonly source: SourceRow;
  readonly targets: readonly TargetRow[];
}

export async function previewSource(context: ServiceContext, id: string, request: unknown): Promise<SourcePreview> {
  const { runtime, scope } = context;
  const parsed = parseInput(previewSchema, request ?? {}, "request");
  if (parsed.fresh) refuseTransaction(scope, "sources.preview");
  const source = await loadSource(context, id, "source.preview");
  const targets = await runtime.storage.find(scope, { table: "target", by: "source", keys: [[source.id]] });
  const stored: Rules = { source, targets };
  const tried = rulesOf(context, stored, parsed);
  const provider = providerFor(runtime, source);
  const mapping = mappingProblems(runtime, provider, tried.source, tried.targets);
  const sums = createPreviewSums();
  if (mapping.some(({ severity }) => severity === "error")) {
    return { items: [], nextCursor: null, mapping, ...sums.read() };
  }
  const [budget] = await runtime.storage.find(scope, { table: "budget", by: "id", keys: [[source.budgetId]] });
  const { readBatchSize } = resolveSourceCapabilities(provider, source.options);
  const usual = Math.min(Math.max(readBatchSize, smallestPage), largestPage);
  const page = await collectPage({
    list: JSON.stringify([scope.tenantId, "preview", source.id]),
    page: { limit: parsed.limit ?? usual, ...(parsed.cursor === undefined ? {} : { cursor: parsed.cursor }) },
    fetch: (after, limit) =>
      runtime.storage.find(scope, {
        table: "link",
        by: "source",
        keys: [[source.id]],
        limit,
        ...(after === undefined ? {} : { after }),
      }),
    keep: (rows) => seenLinks(context, rows),
    view: async (rows) => {
      const { cases, requests } = await casesOf(context, { stored, tried, fresh: parsed.fresh }, rows);
      const links = cases.flatMap((one) => previewedLink(one, budget ?? null));
      sums.add({ looked: rows.length, requests, links });
      return links;
    },
  });
  return { ...page, mapping, ...sums.read() };
}

/** The source as it would be after an update with these. */
function rulesOf({ runtime }: ServiceContext, stored: Rules, { mapping, targets }: ParsedPreview): Rules {
  const { source } = stored;
  const description = providerFor(runtime, source).describe();
  const upsert = parseTargetContainers(description, targets.upsert, ["targets", "upsert"]);
  const next = nextTargets(runtime, source, stored.targets, { ...targets, upsert });
  const rows = [...next.values()];
  checkTargets(rows, source);
  const after = mapping ?? source.mapping;
  const isChanged = !isDeepStrictEqual(after, source.mapping) || changesMapping(stored.targets, next);
  const mappingVersion = source.mappingVersion + (isChanged ? 1 : 0);
  return { source: { ...source, mapping: after, mappingVersion }, targets: rows };
}

/** Living links whose defects the actor may see: what a field says is part of the answer. */
async function seenLinks(context: ServiceContext, rows: readonly LinkRow[]): Promise<readonly LinkRow[]> {
  const { authoriser, actor, scope } = context;
  const active = rows.filter((row) => row.active !== null);
  const links = await authoriser.filter(actor, "link.read", active, linkResource);
  return await authoriser.filter(actor, "defect.read", links, ({ defectId, projectId }) =>
    defectResource(scope.tenantId, projectId, defectId),
  );
}

async function casesOf(
  context: ServiceContext,
  rules: { readonly stored: Rules; readonly tried: Rules; readonly fresh: boolean },
  rows: readonly LinkRow[],
): Promise<{ readonly cases: readonly PreviewedCase[]; readonly requests: number }> {
  const { runtime, scope } = context;
  const { stored, tried, fresh } = rules;
  if (rows.length === 0) return { cases: [], requests: 0 };
  const provider = providerFor(runtime, stored.source);
  const capabilities = resolveSourceCapabilities(provider, stored.source.options);
  const passOf = (source: SourceRow): LinkCase["pass"] => ({
    runtime,
    session: { source, capabilities, provider },
    now: () => runtime.clock.now(),
  });
  const [before, after] = [passOf(stored.source), passOf(tried.source)];
  const material = await loadMaterial({ runtime, scope, session: before.session, targets: stored.targets }, rows);
  const issues = material.flatMap(({ issue, defect }) => (issue === null || defect === null ? [] : [issue]));
  const reads = fresh ? await readForPreview(context, stored.source, issues) : null;
  const identities = await runtime.identities.bookOf(scope, stored.source);
  const cases = material.map((one): PreviewedCase => {
    const rulesOfLink = rulesFor(
      mappingOfLink({ runtime, capabilities, ...tried, link: one.link, identities }),
      one.defect,
    );
    const outcome =
      one.issue === null ? undefined : reads === null ? cachedOutcome(one.issue) : reads.outcomes.get(one.issue.id);
    return { work: { ...one, ...rulesOfLink, pass: after }, stored: { ...one, pass: before }, outcome };
  });
  return { cases, requests: reads?.requests ?? 0 };
}

function previewedLink(one: PreviewedCase, budget: BudgetRow | null): readonly PreviewedLink[] {
  const { work, outcome } = one;
  const { link, issue, pass } = work;
  const look = previewLook(one);
  if (!isWorthTelling(look)) return [];
  const { status } = linkStatusOf({ link, issue, source: pass.session.source, budget, storageNow: pass.now() });
  const state = outcome?.kind ?? issue?.state ?? "live";
  return [
    {
      linkId: link.id,
      defectId: link.defectId,
      projectId: link.projectId,
      issue: issue === null ? null : { key: issue.displayKey, url: issue.url, state },
      status,
      ...look,
    },
  ];
}
