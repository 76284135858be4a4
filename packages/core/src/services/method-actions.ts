import type { Action } from "../security/actions.ts";
import type { ActivityService } from "./activity-types.ts";
import type { CommentsService } from "./comments/comments-service.ts";
import type { DefectsService } from "./defects/defects-types.ts";
import type { IssuesService } from "./issues-types.ts";
import type { PeopleService } from "./people-types.ts";
import type { ProvidersService } from "./providers-types.ts";
import type { ReferencesService } from "./references-types.ts";
import type { RelationsService } from "./relations-types.ts";
import type { SourcesService } from "./sources-types.ts";
import type { TraceabilityService } from "./traceability/traceability-types.ts";

type ActionsOf<Service> = { readonly [Method in keyof Service]: Action };

/** Which action each method of a service is: with `actionTable`, who may call it. */
export const methodActions: {
  readonly providers: ActionsOf<ProvidersService>;
  readonly sources: ActionsOf<SourcesService>;
  readonly people: ActionsOf<PeopleService>;
  readonly relations: ActionsOf<RelationsService>;
  readonly references: ActionsOf<ReferencesService>;
  readonly issues: ActionsOf<IssuesService>;
  readonly defects: ActionsOf<DefectsService>;
  readonly comments: ActionsOf<CommentsService>;
  readonly traceability: ActionsOf<TraceabilityService>;
  readonly activity: ActionsOf<ActivityService>;
} = {
  providers: { list: "provider.read" },
  sources: {
    create: "source.create",
    get: "source.read",
    list: "source.read",
    update: "source.update",
    enable: "source.update",
    disable: "source.update",
    delete: "source.delete",
    authorize: "source.authorize",
    completeAuthorization: "source.authorize",
    test: "source.test",
    preview: "source.preview",
    confirmChanges: "source.update",
    declineChanges: "source.update",
    webhook: "source.update",
    registerWebhooks: "source.update",
    webhookRegistrations: "source.update",
    unregisterWebhooks: "source.update",
    redeliverWebhooks: "source.update",
  },
  people: {
    list: "source.pair-people",
    set: "source.pair-people",
    setMany: "source.pair-people",
    remove: "source.pair-people",
    search: "source.find-people",
    suggest: "source.pair-people",
  },
  relations: {
    list: "relation.read",
    get: "relation.read",
    create: "relation.create",
    update: "relation.update",
    enable: "relation.update",
    disable: "relation.update",
    delete: "relation.delete",
  },
  references: {
    add: "reference.add",
    addMany: "reference.add",
    get: "reference.list",
    list: "reference.list",
    iterate: "reference.list",
    update: "reference.update",
    move: "reference.add",
    copy: "reference.add",
    remove: "reference.remove",
    removeAll: "reference.remove",
    options: "reference.list",
  },
  issues: { get: "issue.read", search: "issue.search", refresh: "issue.refresh" },
  defects: {
    create: "defect.create",
    get: "defect.read",
    list: "defect.read",
    update: "defect.update",
    delete: "defect.delete",
    report: "defect.report",
    occurrences: "defect.read",
    push: "defect.push",
    pushMany: "defect.push",
    pushForm: "defect.push",
    attach: "defect.attach",
    detach: "defect.detach",
    links: "defect.read",
    link: "link.read",
    pause: "link.pause",
    resume: "link.resume",
    retry: "link.retry",
    resolve: "link.resolve",
    changed: "defect.update",
  },
  comments: { list: "comment.read", add: "comment.add", update: "comment.update", delete: "comment.delete" },
  traceability: {
    exportReferences: "traceability.read",
    coverage: "traceability.read",
    retestCandidates: "traceability.read",
    runs: "traceability.read",
    defectTrend: "traceability.read",
    defectsOfRun: "traceability.read",
    defectsOfCase: "traceability.read",
  },
  activity: { list: "activity.read" },
};
