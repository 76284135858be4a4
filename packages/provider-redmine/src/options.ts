import type { Form } from "@backref/core/provider";
import { zodForm } from "@backref/provider-kit";
import { z } from "zod";
import { parseContainer } from "./keys.ts";
import type { RedmineAuth, RedmineOptions } from "./types.ts";

const authSchema = z
  .strictObject({
    type: z.literal("api-key").meta({ title: "Kind" }),
    apiKey: z
      .string()
      .trim()
      .regex(/^[\x21-\x7e]+$/, "Paste it as Redmine shows it: one line without spaces.")
      .meta({
        title: "API access key",
        description: "Shown on the page My account, once the REST API is switched on.",
        writeOnly: true,
      }),
  })
  .meta({ title: "Redmine access" });

const optionsSchema = z
  .strictObject({
    textFormat: z.enum(["textile", "markdown"]).default("textile").meta({
      title: "Text formatting",
      description: "As in Administration, Settings, General. Choose markdown for CommonMark as well.",
    }),
    priorities: z.enum(["id", "name"]).default("id").meta({
      title: "Priorities in mappings",
      description: "By their numbers, which stay when somebody renames them, or by their names.",
    }),
    activeStatuses: z.array(z.string().trim().min(1).max(255)).max(50).default([]).meta({
      title: "Statuses of work in progress",
      description: "Names of open statuses that mean that somebody works on it, for example In Progress.",
    }),
    privateIssues: z.boolean().default(false).meta({
      title: "Private issues",
      description: "Read, link and sync issues that are private in Redmine. People in the host may see them then.",
    }),
  })
  .prefault({})
  .meta({ title: "Redmine options" });

const containerSchema = z
  .string()
  .transform((text, context) => {
    const container = parseContainer(text);
    if (container !== null) return container;
    context.addIssue({
      code: "custom",
      message: "Give the project's identifier as its address has it, for example web-shop, or the address itself.",
    });
    return z.NEVER;
  })
  .meta({
    title: "Project",
    description: "Identifier of the project, or the address of one of its pages.",
    examples: ["web-shop"],
  });

export const authForm: Form<RedmineAuth> = zodForm<RedmineAuth>(authSchema);
export const optionsForm: Form<RedmineOptions> = zodForm<RedmineOptions>(optionsSchema);
export const containerForm: Form<string> = zodForm<string>(containerSchema);
