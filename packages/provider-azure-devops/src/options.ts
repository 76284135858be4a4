import type { Form } from "@backref/core/provider";
import { zodForm } from "@backref/provider-kit";
import { z } from "zod";
import { parseContainer } from "./keys.ts";
import type { AzureDevOpsAuth, AzureDevOpsOptions } from "./types.ts";

const secret = (title: string, description: string) =>
  z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]+$/, "Paste it as it is shown: one line without spaces.")
    .meta({ title, description, writeOnly: true });

const tokenSchema = z
  .strictObject({
    type: z.literal("token").meta({ title: "Kind" }),
    token: secret("Personal access token", "From your user settings, with the scope Work items (read & write)."),
  })
  .meta({ title: "Personal access token" });

const entraSchema = z
  .strictObject({
    type: z.literal("entra-token").meta({ title: "Kind" }),
    accessToken: secret("Access token", "Of Microsoft Entra, for Azure DevOps. It ends after about an hour."),
  })
  .meta({ title: "Services: Microsoft Entra token" });

const identitySchema = z
  .strictObject({
    type: z.literal("entra-identity").meta({ title: "Kind" }),
    identity: z
      .string()
      .trim()
      .min(1, "Name the identity that the application makes tokens for.")
      .max(500)
      .meta({ title: "Identity", description: "As this application knows it; it makes the tokens.", writeOnly: true }),
  })
  .meta({ title: "Services: Microsoft Entra, tokens made by this application" });

const authSchema = z
  .discriminatedUnion("type", [tokenSchema, entraSchema, identitySchema])
  .meta({ title: "Azure DevOps access" });

const optionsSchema = z
  .strictObject({
    workItemType: z.string().trim().min(1, "Give the type's name, for example Bug.").max(128).default("Bug").meta({
      title: "Work item type",
      description: "Of new work items, where a target gives none: Bug, Issue, Task …",
    }),
    bodyField: z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9_.-]+$/, "Give a field's reference name, for example System.Description.")
      .nullable()
      .default(null)
      .meta({
        title: "Field of the description",
        description: "By its reference name. Empty: the repro steps of bugs, the description of all other types.",
      }),
    setsSeverity: z
      .boolean()
      .default(false)
      .meta({ title: "Severity follows priority", description: "Sets the severity of bugs with the priority." }),
    deployment: z
      .enum(["services", "server"])
      .nullable()
      .default(null)
      .meta({ title: "Kind", description: "Services or Server. Empty: as the host of the base URL says." }),
  })
  .prefault({})
  .meta({ title: "Azure DevOps options" });

const containerSchema = z
  .string()
  .transform((text, context) => {
    const container = parseContainer(text);
    if (container !== null) return container;
    context.addIssue({
      code: "custom",
      message: "Give the project's name as it is shown, or the address of one of its pages.",
    });
    return z.NEVER;
  })
  .meta({
    title: "Project",
    description: "The project's name, or the address of one of its pages.",
    examples: ["Web"],
  });

export const authForm: Form<AzureDevOpsAuth> = zodForm<AzureDevOpsAuth>(authSchema);
export const optionsForm: Form<AzureDevOpsOptions> = zodForm<AzureDevOpsOptions>(optionsSchema);
export const containerForm: Form<string> = zodForm<string>(containerSchema);
