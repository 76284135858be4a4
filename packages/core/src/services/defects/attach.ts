import { describeActivity } from "../../activity/activity.ts";
import type { SyncEngine } from "../../engine/engine.ts";
import { targetOfProject } from "../../engine/link-mapping.ts";
import { lookAfter, polledContainers } from "../../engine/poll-scopes.ts";
import { BackrefError } from "../../errors/backref-error.ts";
import type { Provider } from "../../provider/provider.ts";
import { providerFor, providerOf } from "../../runtime/source-provider.ts";
import { notFound } from "../../security/authoriser.ts";
import type { LinkRow } from "../../storage/rows/link-rows.ts";
import type { SourceRow } from "../../storage/rows/source-rows.ts";
import { commitPlan, type Plan } from "../commit-plan.ts";
import { loadSourceChoices } from "../references/reference-sources.ts";
import type { ReferencesService } from "../references-types.ts";
import { actorIdOf, refuseTransaction, type ServiceContext } from "../service-context.ts";
import { loadDefect } from "./defect-access.ts";
import type { DefectLinksService, SyncLink } from "./defects-types.ts";
import { markLink, newLink, requireDefect } from "./new-link.ts";
import { workOnLink } from "./push.ts";

type AttachRequest = Parameters<DefectLinksService["attach"]>[1];

function alreadyLinked(link: LinkRow, what: string): BackrefError {
  return new BackrefError({
    code: "issue-already-linked",
    message: `${what} A reference was made instead, so the issue is shown with the defect but not kept in step.`,
    data: { linkId: link.id, defectId: link.defectId },
  });
}

/** @param whole with what is switched off for the source */
function notKeptInStep(whole: Provider, source: SourceRow): BackrefError {
  const why =
    whole.read === undefined
      ? `${whole.describe().name} issues cannot be read`
      : `"read" is not among the features of source "${source.name}"`;
  return new BackrefError({
    code: "capability-missing",
    message: `${why}, so nothing can be kept in step with them. A reference was made instead, so the issue is shown with the defect by its key and URL.`,
    providerId: whole.id,
  });
}

/** Pairs a defect with an issue that exists. */
export async function attachDefect(
  context: ServiceContext,
  engine: SyncEngine,
  references: ReferencesService,
  defectId: string,
  request: AttachRequest,
): Promise<SyncLink> {
  const { runtime, actor, scope } = context;
  refuseTransaction(scope, "defects.attach");
  const defect = await loadDefect(context, defectId, "defect.attach");
  const { issue } = await references.add({
    object: { type: "defect", id: defect.id, projectId: defect.projectId },
    sourceId: request.sourceId,
    issue: request.issue,
    relation: "defect",
  });
  const link = await commitPlan(runtime, scope, "defect.attach", async (): Promise<Plan<LinkRow>> => {
    const [choice] = await loadSourceChoices(context, [request.sourceId]);
    if (choice === undefined) throw notFound({ kind: "source", id: request.sourceId });
    const provider = providerFor(runtime, choice.source);
    if (provider.read === undefined) throw notKeptInStep(providerOf(runtime, choice.source.providerId), choice.source);
    const [ofIssue, ofDefect] = await Promise.all([
      runtime.storage.find(scope, { table: "link", by: "issue", keys: [[issue.id, 1]] }),
      runtime.storage.find(scope, { table: "link", by: "defect", keys: [[defect.id]] }),
    ]);
    const [other] = ofIssue;
    if (other !== undefined && other.defectId === defect.id) return { unit: null, events: [], result: other };
    if (other !== undefined) {
      throw alreadyLinked(other, `Issue ${issue.key} is kept in step with defect "${other.defectId}" already.`);
    }
    const inSource = ofDefect.filter((row) => row.sourceId === choice.source.id);
    const living = inSource.find((row) => row.active === 1);
    if (living !== undefined) {
      throw alreadyLinked(
        living,
        `Defect "${defect.id}" is kept in step with another issue of "${choice.source.name}".`,
      );
    }
    const target = targetOfProject(choice.targets, defect.projectId);
    const generation = (inSource.at(-1)?.generation ?? 0) + 1;
    const row = newLink(context, { defect, source: choice.source, target, issueId: issue.id, generation });
    const event = describeActivity(
      runtime,
      "link-attached",
      {
        tenantId: scope.tenantId,
        actorId: actorIdOf(actor),
        sourceId: row.sourceId,
        defectId: defect.id,
        linkId: row.id,
      },
      { issue: issue.key },
    );
    return {
      unit: {
        require: requireDefect(context, defect),
        write: [
          { type: "insert", table: "link", row },
          markLink(row.id, { look: true }),
          // The issue may live where no target is: somebody has to ask there, too.
          ...lookAfter(runtime, choice.source, polledContainers(provider, [issue])),
        ],
      },
      events: [event],
      result: row,
    };
  });
  return workOnLink(context, engine, link, request);
}
