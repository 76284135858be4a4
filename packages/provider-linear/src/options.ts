import type { Form } from "@backref/core/provider";
import { zodForm } from "@backref/provider-kit";
import { z } from "zod";
import { parseContainer } from "./keys.ts";
import type { LinearAuth, LinearOptions } from "./types.ts";

const oneLine = /^[\x21-\x7e]+$/;

const keySchema = z
  .strictObject({
    type: z.literal("api-key").meta({ title: "Kind" }),
    apiKey: z.string().trim().regex(oneLine, "Paste the key as Linear shows it: one line without spaces.").meta({
      title: "API key",
      description: "From your settings, Security & access, Personal API keys: read and write, for the teams concerned.",
      writeOnly: true,
    }),
  })
  .meta({ title: "Personal API key" });

const tokenSchema = z
  .strictObject({
    type: z.literal("token").meta({ title: "Kind" }),
    token: z
      .string()
      .trim()
      .regex(oneLine, "Paste the token as one line without spaces.")
      .meta({ title: "OAuth access token", description: "With the scopes read and write.", writeOnly: true }),
  })
  .meta({ title: "OAuth access token" });

const secret = (title: string) => z.string().regex(oneLine).meta({ title, writeOnly: true });

/** Made by a sign-in, never entered. */
const oauthSchema = z
  .strictObject({
    type: z.literal("oauth").meta({ title: "Kind" }),
    accessToken: secret("Access token"),
    refreshToken: secret("Refresh token").nullable(),
    expiresAt: z.number().nullable().meta({ title: "Good until, in milliseconds since 1970 UTC" }),
    organizationId: z.string().nullable().meta({ title: "Workspace" }),
    actor: z.enum(["app", "user"]).meta({ title: "Who acts" }),
  })
  .meta({ title: "Signed in" });

const authSchema = z.discriminatedUnion("type", [keySchema, tokenSchema, oauthSchema]).meta({ title: "Linear access" });

/** `acme`, from itself or from any address of the workspace. */
function workspaceOf(text: string): string | null {
  const key = /^(?:https?:\/\/)?(?:www\.)?linear\.app\/([^/?#]+)/i.exec(text)?.[1] ?? text;
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(key) ? key.toLowerCase() : null;
}

const optionsSchema = z
  .strictObject({
    workspace: z
      .string()
      .trim()
      .transform((text, context) => {
        const workspace = workspaceOf(text);
        if (workspace !== null) return workspace;
        context.addIssue({
          code: "custom",
          message: "Give the workspace as its address has it: acme of linear.app/acme.",
        });
        return z.NEVER;
      })
      .meta({ title: "Workspace", description: "As in the address: acme of linear.app/acme." }),
  })
  .meta({ title: "Linear options" });

const containerSchema = z
  .string()
  .transform((text, context) => {
    const container = parseContainer(text);
    if (container !== null) return container;
    context.addIssue({ code: "custom", message: "Give a team by its key, for example ENG, or its URL." });
    return z.NEVER;
  })
  .meta({ title: "Team", description: "The team's key, as in ENG-12, or its URL.", examples: ["ENG"] });

export const authForm: Form<LinearAuth> = zodForm<LinearAuth>(authSchema);
export const optionsForm: Form<LinearOptions> = zodForm<LinearOptions>(optionsSchema);
export const containerForm: Form<string> = zodForm<string>(containerSchema);
