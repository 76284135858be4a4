import { buildSchema, type GraphQLNamedType, isEnumType, isInputObjectType, isObjectType } from "graphql";
import { expect, test } from "vitest";
import { contractFolder, needContract } from "../../../../tests/support/contracts.ts";
import { loadLinearContract } from "../../src/linear/contract.ts";
import { linearExtract } from "../../src/linear/schema.ts";

const folder = contractFolder("linear");

/** `member: type` of everything a type has, with the types of arguments. */
function membersOf(type: GraphQLNamedType | undefined): ReadonlyMap<string, string> {
  const members = new Map<string, string>();
  if (isEnumType(type)) for (const { name } of type.getValues()) members.set(name, "value");
  if (isInputObjectType(type)) {
    for (const field of Object.values(type.getFields())) members.set(field.name, String(field.type));
  }
  if (isObjectType(type)) {
    for (const field of Object.values(type.getFields())) {
      members.set(field.name, String(field.type));
      for (const argument of field.args) members.set(`${field.name}(${argument.name})`, String(argument.type));
    }
  }
  return members;
}

test("what the fake answers is a part of Linear's own schema, to the letter", (context) => {
  needContract(context, "linear");
  const whole = loadLinearContract(folder);
  const extract = buildSchema(linearExtract);
  const types = Object.values(extract.getTypeMap()).filter(({ name }) => !name.startsWith("__"));
  const amiss: string[] = [];
  for (const type of types) {
    const real = whole?.getType(type.name);
    if (real === undefined) amiss.push(type.name);
    const members = membersOf(real);
    for (const [member, kind] of membersOf(type)) {
      if (members.get(member) !== kind) amiss.push(`${type.name}.${member}: ${kind}, not ${members.get(member)}`);
    }
  }
  expect(amiss).toEqual([]);
  expect(types.length).toBeGreaterThan(30);
});
