import assert from "node:assert/strict";
import type { Form, JsonObject, JsonValue } from "@backref/core/provider";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { Rule } from "../../rule.ts";
import { type ProviderContext, parseInput } from "../context.ts";
import { defineRules } from "../define-rules.ts";
import { leakIn, secretsOf, writeOnlyNames } from "../secrets.ts";

const garbage: readonly unknown[] = [
  undefined,
  null,
  true,
  0,
  -1.5,
  "",
  " ",
  "\u0000",
  "💥".repeat(5_000),
  [],
  [null],
  {},
  { type: null },
  { type: "token" },
  { token: 7 },
  { "": "" },
  JSON.parse('{"__proto__":{"type":"token"},"constructor":{"prototype":{}}}'),
  { token: { toString: "not a function" } },
];

const secretWords = /token|secret|password|passphrase|api[-_]?key|private[-_]?key/i;

type FormName = "auth" | "container" | "options";

function formsOf({ provider }: ProviderContext): readonly (readonly [FormName, Form<unknown>])[] {
  const { auth, container, options } = provider.describe();
  return [
    ["auth", auth],
    ["container", container],
    ["options", options],
  ];
}

/** Every named property of type string in a JSON Schema. */
function stringNames(schema: JsonValue): readonly string[] {
  if (typeof schema !== "object" || schema === null) return [];
  if (Array.isArray(schema)) return schema.flatMap(stringNames);
  return Object.entries(schema as JsonObject).flatMap(([name, value]) => {
    const isText = (value as { type?: unknown } | null)?.type === "string" && !("const" in (value as object));
    return [...(isText ? [name] : []), ...stringNames(value)];
  });
}

export const formRules: readonly Rule<ProviderContext>[] = defineRules(
  "core/provider/form.ts, Form and ProviderDescription",
  {},
  [
    [
      "describe-words",
      "The description has a name and a word for containers; a default base URL has no trailing slash.",
      async ({ provider }) => {
        const { name, containerName, defaultBaseUrl } = provider.describe();
        assert.ok(name.trim() !== "" && containerName.trim() !== "", "name and containerName are words");
        if (defaultBaseUrl === null) return;
        assert.ok(URL.canParse(defaultBaseUrl), `defaultBaseUrl is no URL: ${defaultBaseUrl}`);
        assert.ok(!defaultBaseUrl.endsWith("/"), `defaultBaseUrl ends with a slash: ${defaultBaseUrl}`);
      },
    ],
    [
      "form-schema",
      "Forms are plain JSON Schema (draft 2020-12), and what is under test conforms to them.",
      async (context) => {
        const { auth = {}, options = {} } = context.underTest;
        const inputs = { auth, options, container: context.container };
        for (const [name, form] of formsOf(context)) {
          assert.deepEqual(JSON.parse(JSON.stringify(form.schema)), form.schema, `${name}: the schema is plain JSON`);
          const ajv = new Ajv2020({ strict: false });
          addFormats.default(ajv);
          const validate = ajv.compile(form.schema);
          assert.ok(
            validate(inputs[name]),
            `${name}: the schema refuses what is under test: ${ajv.errorsText(validate.errors)}`,
          );
        }
      },
    ],
    [
      "form-secrets",
      "Secrets are `writeOnly` in the form for credentials.",
      async ({ provider }) => {
        const { schema } = provider.describe().auth;
        const marked = writeOnlyNames(schema);
        const open = stringNames(schema).filter((name) => secretWords.test(name) && !marked.includes(name));
        assert.deepEqual(open, [], `these look like secrets, but are not writeOnly: ${open.join(", ")}`);
      },
    ],
    [
      "form-parse",
      "What is under test parses; so does what came out of that, through JSON, to the same again.",
      async (context) => {
        const { auth = {}, options = {} } = context.underTest;
        const inputs = { auth, options, container: context.container };
        for (const [name, form] of formsOf(context)) {
          const value = parseInput(form, inputs[name], name);
          assert.deepEqual(parseInput(form, JSON.parse(JSON.stringify(value)), name), value, `${name}: parsed twice`);
        }
        const container = parseInput(context.provider.describe().container, context.container, "container");
        assert.equal(container, context.container, "the container under test is in its normal form");
      },
    ],
    [
      "form-garbage",
      "Parsers never throw: whatever they refuse, they say where and why.",
      async (context) => {
        for (const [name, form] of formsOf(context)) {
          for (const input of garbage) {
            const what = `${name}.parse(${JSON.stringify(input)?.slice(0, 60)})`;
            const result = form.parse(input);
            if (result.ok) continue;
            assert.ok(result.issues.length > 0, `${what} was refused without a reason`);
            for (const { path, message } of result.issues) {
              assert.ok(Array.isArray(path), `${what}: an issue without a path`);
              assert.ok(typeof message === "string" && message !== "", `${what}: an issue without a message`);
            }
          }
        }
      },
    ],
    [
      "form-no-echo",
      "A refused credential does not show in the reasons.",
      async (context) => {
        const secrets = secretsOf(context);
        const { auth } = context.provider.describe();
        const form = context.underTest.auth;
        const spoilt = [{ ...(form as object), type: secrets[0], unknownMember: secrets[0] }, secrets, secrets[0]];
        for (const input of spoilt) {
          const leak = leakIn(auth.parse(input), secrets);
          const isRefused = !auth.parse(input).ok;
          assert.ok(!(isRefused && leak !== undefined), "a message of auth.parse contains the secret");
        }
      },
    ],
  ],
);
