import { describe, expect, it } from "vitest";
import { createContract } from "../../src/fake/contract/contract.ts";
import { extractContract } from "../../src/fake/contract/source.ts";
import { fromSwagger, mapSchemas } from "../../src/fake/contract/swagger.ts";

const json = { consumes: ["application/json"] };
const document = {
  swagger: "2.0",
  parameters: { version: { name: "version", in: "query", required: true, type: "string" } },
  definitions: {
    Thing: { type: "object", required: ["name"], properties: { name: { type: "string" }, kind: { enum: ["a", "b"] } } },
  },
  paths: {
    "/things/{id}": {
      parameters: [{ name: "id", in: "path", required: true, type: "integer" }],
      put: {
        ...json,
        parameters: [
          { $ref: "#/parameters/version" },
          { name: "body", in: "body", required: true, schema: { $ref: "#/definitions/Thing" } },
        ],
        responses: { 200: { schema: { $ref: "#/definitions/Thing" } }, 204: { description: "nothing" } },
      },
    },
    "/things": {
      get: {
        parameters: [{ $ref: "#/parameters/version" }],
        responses: { 200: { schema: { type: "array", items: { type: "string" } } } },
      },
    },
    "/files": {
      post: {
        consumes: ["application/octet-stream"],
        parameters: [{ name: "body", in: "body", required: true, schema: { type: "string", format: "binary" } }],
        responses: { 200: {} },
      },
    },
  },
  "x-ms-paths": {
    "/things?ids={ids}": {
      get: {
        parameters: [
          { $ref: "#/parameters/version" },
          { name: "ids", in: "query", required: true, type: "array", items: { type: "integer" } },
        ],
        responses: { 200: { schema: { type: "array", items: { $ref: "#/definitions/Thing" } } } },
      },
    },
  },
};

const names = ["PUT /things/{id}", "GET /things", "POST /files"];

function check(operation: string, params: Record<string, string>, query: string, body?: unknown): string[] {
  const contract = createContract(
    extractContract(fromSwagger(document), names, () => false),
    "1",
    "Acme",
  );
  return contract.checkRequest({ operation, params, query: new URLSearchParams(query), body });
}

describe("a document of Swagger 2", () => {
  it("checks parameters of the path, of the operation and shared ones, and the body", () => {
    expect(check("PUT /things/{id}", { id: "1" }, "version=7", { name: "x", kind: "a" })).toEqual([]);
    expect(check("PUT /things/{id}", { id: "x" }, "", { kind: "c", more: 1 })).toEqual([
      "path/id must be integer",
      "query must have required property 'version'",
      expect.stringContaining("body must have required property 'name'"),
      expect.stringContaining("body/kind must be equal to one of the allowed values"),
      "body/more is not declared",
    ]);
    expect(check("PUT /things/{id}", { id: "1" }, "version=7")).toEqual(["body is missing"]);
  });

  it("knows what an operation may be asked in either of its forms", () => {
    expect(check("GET /things", {}, "version=7")).toEqual([]);
    expect(check("GET /things", {}, "version=7&ids=1,2")).toEqual([]);
    expect(check("GET /things", {}, "version=7&id=1")).toEqual(["query/id is not declared"]);
  });

  it("takes the answers of either form, and no other", () => {
    const contract = createContract(
      extractContract(fromSwagger(document), names, () => false),
      "1",
      "Acme",
    );
    expect(contract.checkResponse("GET /things", 200, ["a"])).toEqual([]);
    expect(contract.checkResponse("GET /things", 200, [{ name: "a" }])).toEqual([]);
    expect(contract.checkResponse("GET /things", 200, [1])).not.toEqual([]);
    expect(contract.checkResponse("PUT /things/{id}", 204, undefined)).toEqual([]);
  });

  it("asks for no JSON where something else is sent", () => {
    expect(check("POST /files", {}, "")).toEqual([]);
  });

  it("can be mended before", () => {
    const open = mapSchemas(document, (schema) => (Array.isArray(schema.enum) ? { ...schema, enum: ["c"] } : schema));
    const contract = createContract(
      extractContract(fromSwagger(open), names, () => false),
      "1",
      "Acme",
    );
    const request = { operation: "PUT /things/{id}", params: { id: "1" }, query: new URLSearchParams("version=7") };
    expect(contract.checkRequest({ ...request, body: { name: "x", kind: "c" } })).toEqual([]);
  });
});
