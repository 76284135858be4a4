import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode, type ValueNode } from "graphql";
import { asObject, type JsonObject } from "../fake/json.ts";

/** What Linear documents of its prices: a tenth of a point for a property, one for an object, times the length of the page. */
const propertyPrice = 0.1;
const objectPrice = 1;
const usualLength = 50;

/** What a document costs at most, before anything is looked up. */
export function complexityOf(document: DocumentNode, variables: unknown): number {
  const given = asObject(variables);
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const priceOf = (selections: SelectionSetNode): number =>
    selections.selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        return sum + (fragment === undefined ? 0 : priceOf(fragment.selectionSet));
      }
      if (selection.kind === Kind.INLINE_FRAGMENT) return sum + priceOf(selection.selectionSet);
      if (selection.selectionSet === undefined) return sum + propertyPrice;
      const isPage = selection.selectionSet.selections.some(
        (part) => part.kind === Kind.FIELD && (part.name.value === "nodes" || part.name.value === "edges"),
      );
      const first = selection.arguments?.find(({ name }) => name.value === "first");
      const length = isPage ? (first === undefined ? usualLength : numberIn(first.value, given)) : 1;
      return sum + objectPrice + length * priceOf(selection.selectionSet);
    }, 0);
  return document.definitions.reduce(
    (sum, node) => (node.kind === Kind.OPERATION_DEFINITION ? sum + priceOf(node.selectionSet) : sum),
    0,
  );
}

function numberIn(value: ValueNode, variables: JsonObject): number {
  if (value.kind === Kind.INT) return Number(value.value);
  const given = value.kind === Kind.VARIABLE ? variables[value.name.value] : null;
  return typeof given === "number" ? given : usualLength;
}
