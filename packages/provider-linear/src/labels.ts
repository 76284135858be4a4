import type { LabelsGroup } from "@backref/core/provider";
import { ProviderError } from "@backref/core/provider";
import { parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { LinearCall, OpenClient } from "./client.ts";
import { labelCreateDocument } from "./documents.ts";
import { type Operation, saysThere } from "./errors.ts";
import type { Teams } from "./teams.ts";
import type { LinearAuth, LinearOptions } from "./types.ts";

const operation: Operation = { name: "label.ensure", isWrite: true };

const createdShape = z.object({
  issueLabelCreate: z.object({ issueLabel: z.object({ id: z.string(), name: z.string() }) }),
});

export function createLabelsGroup(open: OpenClient, teams: Teams): LabelsGroup<LinearAuth, LinearOptions> {
  return {
    async ensure(call: LinearCall, { container, labels }) {
      const client = open(call);
      const isKnown = (ids: ReadonlyMap<string, string>, name: string) => ids.has(name.toLowerCase());
      const team = await teams.of(call, client, container, {
        operation,
        suffices: ({ labelIds }) => labels.every(({ name }) => isKnown(labelIds, name)),
      });
      const present: string[] = [];
      const refused: { name: string; reason: string }[] = [];
      let denial: string | null = null;
      for (const { name, color, description } of labels) {
        if (isKnown(team.labelIds, name)) {
          present.push(name);
          continue;
        }
        if (denial !== null) {
          refused.push({ name, reason: denial });
          continue;
        }
        const input = { name, color: `#${color}`, description, teamId: team.id };
        try {
          const made = await client.ask(operation, labelCreateDocument, { input }, (data) =>
            parseShape(createdShape, data, "data"),
          );
          teams.addLabel(call, container, made.issueLabelCreate.issueLabel);
          present.push(name);
        } catch (error) {
          if (saysThere(error)) {
            present.push(name);
            continue;
          }
          if (!ProviderError.isInstance(error)) throw error;
          // What the account may not do once, it may not do again.
          if (error.failure === "forbidden") denial = error.message;
          else if (error.failure !== "permanent") throw error;
          refused.push({ name, reason: error.message });
        }
      }
      return { present, refused };
    },
  };
}
