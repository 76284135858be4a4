import { targetOfProject } from "../../engine/link-mapping.ts";
import { BackrefError } from "../../errors/backref-error.ts";
import { featuresOf } from "../../runtime/source-features.ts";
import { providerOf } from "../../runtime/source-provider.ts";
import { notFound } from "../../security/authoriser.ts";
import type { SourceRow, TargetRow } from "../../storage/rows/source-rows.ts";
import { isUsableBy, loadSourceChoices } from "../references/reference-sources.ts";
import type { ServiceContext } from "../service-context.ts";

/** Where a project's defects go: one source and its target for the project. */
export async function findPushTarget(
  context: ServiceContext,
  projectId: string,
  sourceId: string | undefined,
): Promise<{ readonly source: SourceRow; readonly target: TargetRow }> {
  const choices = await loadSourceChoices(context, sourceId === undefined ? null : [sourceId]);
  const usable = choices.filter(({ source }) => isUsableBy(source, projectId));
  if (sourceId !== undefined && usable.length === 0) throw notFound({ kind: "source", id: sourceId });
  const withTarget = usable.flatMap(({ source, targets }) => {
    const target = targetOfProject(targets, projectId);
    return target === null || (sourceId === undefined && !source.enabled) ? [] : [{ source, target }];
  });
  const [choice, ...others] = withTarget;
  if (choice === undefined) {
    const where = usable.map(({ source }) => `"${source.name}"`).join(", ");
    throw new BackrefError({
      code: "target-missing",
      message: `No source has a target for project "${projectId}"${where === "" ? "" : ` (looked at ${where})`}. Add one: sources.update(id, { targets: { upsert: [{ projectId, container }] } }).`,
    });
  }
  if (others.length > 0) {
    throw new BackrefError({
      code: "invalid-input",
      message: `Several sources take defects of project "${projectId}". Say which one: push(defectId, { sourceId }).`,
      issues: [{ path: ["sourceId"], message: "is needed here" }],
      data: { candidates: withTarget.map(({ source }) => ({ id: source.id, name: source.name })) },
    });
  }
  if (!choice.source.enabled) {
    throw new BackrefError({
      code: "source-not-runnable",
      message: `Source "${choice.source.name}" is switched off. Enable it before pushing to it.`,
    });
  }
  const provider = providerOf(context.runtime, choice.source.providerId);
  if (!featuresOf(provider, choice.source).includes("create")) {
    const why =
      provider.create === undefined
        ? `Provider "${provider.id}" cannot create issues.`
        : `Creating issues is switched off for source "${choice.source.name}".`;
    throw new BackrefError({
      code: "capability-missing",
      message: `${why} Attach the defect to an existing issue instead.`,
      providerId: provider.id,
    });
  }
  return choice;
}
