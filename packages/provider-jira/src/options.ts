import type { Form } from "@backref/core/provider";
import { zodForm } from "@backref/provider-kit";
import { z } from "zod";
import { parseContainer } from "./keys.ts";
import type { JiraAuth, JiraOptions } from "./types.ts";

const secret = (title: string, description: string) =>
  z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]+$/, "Paste it as Jira shows it: one line without spaces.")
    .meta({ title, description, writeOnly: true });

const apiTokenSchema = z
  .strictObject({
    type: z.literal("api-token").meta({ title: "Kind" }),
    email: z
      .string()
      .trim()
      .regex(/^[^\s:@]+@[^\s:@]+$/, "Give the e-mail address that the account signs in with.")
      .meta({ title: "E-mail address", description: "Of the account whose token this is." }),
    token: secret(
      "API token",
      "Of the account's security settings. One with scopes needs the gateway's address as base URL.",
    ),
  })
  .meta({ title: "Cloud: API token" });

const oauthSchema = z
  .strictObject({
    type: z.literal("oauth").meta({ title: "Kind" }),
    accessToken: secret("Access token", "Comes from the sign-in."),
    refreshToken: secret("Refresh token", "Comes from the sign-in.").nullable().default(null),
    expiresAt: z.number().int().nullable().default(null).meta({ title: "End of the access token" }),
  })
  .meta({ title: "Cloud: sign-in (OAuth 2.0)" });

const personalTokenSchema = z
  .strictObject({
    type: z.literal("personal-token").meta({ title: "Kind" }),
    token: secret("Personal access token", "Of the profile of the account that shall post."),
  })
  .meta({ title: "Data Center: personal access token" });

const basicSchema = z
  .strictObject({
    type: z.literal("basic").meta({ title: "Kind" }),
    username: z
      .string()
      .trim()
      .min(1)
      .regex(/^[^:]+$/, "A user name has no colon.")
      .meta({ title: "User name" }),
    password: z.string().min(1).meta({ title: "Password", writeOnly: true }),
  })
  .meta({ title: "Data Center: name and password", description: "Jira 11 has this switched off." });

const authSchema = z
  .discriminatedUnion("type", [apiTokenSchema, oauthSchema, personalTokenSchema, basicSchema])
  .meta({ title: "Jira access" });

const optionsSchema = z
  .strictObject({
    webUrl: z
      .url({ protocol: /^https?$/, error: "Give an http or https URL, for example https://acme.atlassian.net." })
      .max(2_000)
      .refine((url) => !/[?#]/.test(url), { error: "Leave out everything from ? or # on: issues' paths are added." })
      .transform((url) => url.replace(/\/+$/, ""))
      .nullable()
      .default(null)
      .meta({ title: "Web address", description: "Where people read issues, where that is not the base URL." }),
    issueType: z
      .string()
      .trim()
      .min(1, "Give the type's name or id, for example Bug.")
      .default("Bug")
      .meta({ title: "Issue type", description: "Of new issues, where a target gives none. Its name or id." }),
    resolution: z
      .string()
      .trim()
      .min(1, "Give the resolution's name, for example Done.")
      .nullable()
      .default(null)
      .meta({
        title: "Resolution",
        description: "Of closed issues, where a screen of the workflow asks for one. Empty: the first that it offers.",
      }),
    priorities: z.enum(["id", "name"]).default("id").meta({
      title: "Priorities",
      description: "What they go by in mappings: their ids, which outlive a renaming, or their names.",
    }),
  })
  .prefault({})
  .meta({ title: "Jira options" });

const containerSchema = z
  .string()
  .transform((text, context) => {
    const container = parseContainer(text);
    if (container !== null) return container;
    context.addIssue({
      code: "custom",
      message: "Give the project's key, for example WEB, or the address of one of its pages.",
    });
    return z.NEVER;
  })
  .meta({ title: "Project", description: "The project's key, or the address of one of its pages.", examples: ["WEB"] });

export const authForm: Form<JiraAuth> = zodForm<JiraAuth>(authSchema);
export const optionsForm: Form<JiraOptions> = zodForm<JiraOptions>(optionsSchema);
export const containerForm: Form<string> = zodForm<string>(containerSchema);
