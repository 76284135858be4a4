import type { Form } from "@backref/core/provider";
import { withoutTrailingSlashes, zodForm } from "@backref/provider-kit";
import { z } from "zod";
import { parseContainer } from "./keys.ts";
import type { GitLabAuth, GitLabOptions } from "./types.ts";

const secret = (title: string, description: string) =>
  z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]+$/, "Paste it as GitLab shows it: one line without spaces.")
    .meta({ title, description, writeOnly: true });

const tokenSchema = z
  .strictObject({
    type: z.literal("token").meta({ title: "Kind" }),
    token: secret("Access token", "A personal, project or group access token with the scope api."),
  })
  .meta({ title: "Access token" });

const oauthSchema = z
  .strictObject({
    type: z.literal("oauth").meta({ title: "Kind" }),
    accessToken: secret("Access token", "Comes from the sign-in."),
    refreshToken: secret("Refresh token", "Comes from the sign-in.").nullable().default(null),
    expiresAt: z.number().int().nullable().default(null).meta({ title: "End of the access token" }),
  })
  .meta({ title: "Sign-in (OAuth 2.0)" });

const authSchema = z.discriminatedUnion("type", [tokenSchema, oauthSchema]).meta({ title: "GitLab access" });

const optionsSchema = z
  .strictObject({
    webUrl: z
      .url({ protocol: /^https?$/, error: "Give an http or https URL, for example https://gitlab.example.com." })
      .max(2_000)
      .refine((url) => !/[?#]/.test(url), { error: "Leave out everything from ? or # on: issues' paths are added." })
      .transform(withoutTrailingSlashes)
      .nullable()
      .default(null)
      .meta({ title: "Web address", description: "Where people read issues, where that is not the base URL." }),
    severalAssignees: z.boolean().default(false).meta({
      title: "Several assignees",
      description:
        "Issues can have more than one, as in GitLab Premium and Ultimate. Elsewhere GitLab keeps the first.",
    }),
  })
  .prefault({})
  .meta({ title: "GitLab options" });

const containerSchema = z
  .string()
  .transform((text, context) => {
    const container = parseContainer(text);
    if (container !== null) return container;
    context.addIssue({
      code: "custom",
      message: "Give the project's path with all its groups, for example acme/shop/web, or its URL.",
    });
    return z.NEVER;
  })
  .meta({
    title: "Project",
    description: "Path of the project with all its groups, or the project's URL.",
    examples: ["acme/shop/web"],
  });

export const authForm: Form<GitLabAuth> = zodForm<GitLabAuth>(authSchema);
export const optionsForm: Form<GitLabOptions> = zodForm<GitLabOptions>(optionsSchema);
export const containerForm: Form<string> = zodForm<string>(containerSchema);
