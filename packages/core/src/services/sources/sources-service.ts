import { z } from "zod";
import type { Actor } from "../../domain/actor.ts";
import { hostId, parseInput } from "../../input/parse-input.ts";
import type { Provider } from "../../provider/provider.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { Authoriser } from "../../security/authoriser.ts";
import type { GuardAnswer, SourceRow } from "../../storage/rows/source-rows.ts";
import type { StorageScope } from "../../storage/storage.ts";
import { collectPage, pageFields } from "../paging.ts";
import { refuseTransaction, type ServiceContext } from "../service-context.ts";
import { previewSource } from "../source-preview/preview-source.ts";
import type { Source, SourcesService } from "../sources-types.ts";
import { answerChanges, parseDecline } from "./answer-changes.ts";
import { authorizeSource } from "./authorize-source.ts";
import { completeAuthorization } from "./complete-authorization.ts";
import { createSource } from "./create-source.ts";
import { deleteSource } from "./delete-source.ts";
import { registerSourceWebhooks, unregisterSourceWebhooks, webhookRegistrations } from "./register-webhooks.ts";
import { loadSource, sourceResource } from "./source-rows.ts";
import { viewSources } from "./source-view.ts";
import { redeliverSourceWebhooks, sourceWebhook } from "./source-webhooks.ts";
import type { SourcesOptions } from "./sources-options.ts";
import { testSource } from "./test-source.ts";
import { updateSource } from "./update-source.ts";

const listRequest = z.strictObject({ ...pageFields, projectId: hostId.optional() });

const deleteRequest = z.strictObject({ detach: z.boolean().default(false) });

export function createSourcesService<Providers extends readonly Provider[]>(
  runtime: Runtime,
  authoriser: Authoriser,
  actor: Actor,
  scope: StorageScope,
  options: SourcesOptions = {},
): SourcesService<Providers> {
  const context: ServiceContext = { runtime, authoriser, actor, scope };
  const view = async (row: SourceRow): Promise<Source> => (await viewSources(context, [row]))[0] as Source;
  const setEnabled = async (id: string, enabled: boolean) =>
    view(await updateSource(context, options, id, { enabled }));
  const answered = async (id: string, answer: GuardAnswer) => {
    const row = await answerChanges(context, id, answer);
    return view(row);
  };
  return {
    async create(input) {
      return await view(await createSource(context, options, input));
    },
    async get(id) {
      return await view(await loadSource(context, id, "source.read"));
    },
    async list(request = {}) {
      const { projectId, ...page } = parseInput(listRequest, request, "request");
      const isUsable = (row: SourceRow) =>
        projectId === undefined || row.projects === null || row.projects.includes(projectId);
      return await collectPage({
        list: JSON.stringify([scope.tenantId, "sources"]),
        page,
        fetch: (after, limit) =>
          runtime.storage.find(scope, {
            table: "source",
            by: "all",
            keys: [[]],
            limit,
            ...(after === undefined ? {} : { after }),
          }),
        keep: (rows) => authoriser.filter(actor, "source.read", rows.filter(isUsable), sourceResource),
        view: (rows) => viewSources(context, rows),
      });
    },
    async update(id, input) {
      return await view(await updateSource(context, options, id, input));
    },
    enable: (id) => setEnabled(id, true),
    disable: (id) => setEnabled(id, false),
    async delete(id, request = {}) {
      const { detach } = parseInput(deleteRequest, request, "options");
      await deleteSource(context, id, detach);
    },
    async test(id) {
      refuseTransaction(scope, "sources.test");
      return await testSource(context, id);
    },
    async preview(id, request) {
      return await previewSource(context, id, request);
    },
    async confirmChanges(id) {
      return await answered(id, "confirmed");
    },
    async declineChanges(id, request) {
      return await answered(id, parseDecline(request).keep);
    },
    async authorize(id, request) {
      return await authorizeSource(context, options, id, request);
    },
    async completeAuthorization(redirect) {
      refuseTransaction(scope, "sources.completeAuthorization");
      return await view(await completeAuthorization(context, options, redirect));
    },
    async webhook(id) {
      return await sourceWebhook(context, id);
    },
    async registerWebhooks(id, request) {
      refuseTransaction(scope, "sources.registerWebhooks");
      return await registerSourceWebhooks(context, id, (request as typeof request | undefined)?.url);
    },
    webhookRegistrations: (id) => webhookRegistrations(context, id),
    async unregisterWebhooks(id) {
      refuseTransaction(scope, "sources.unregisterWebhooks");
      return await unregisterSourceWebhooks(context, id);
    },
    async redeliverWebhooks(id, request = {}) {
      refuseTransaction(scope, "sources.redeliverWebhooks");
      return await redeliverSourceWebhooks(context, id, request);
    },
  };
}
