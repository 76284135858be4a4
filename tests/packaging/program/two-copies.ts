/** Two installed copies of core know each other's errors; `instanceof` does not. */

import assert from "node:assert/strict";
import { BackrefError } from "@backref/core";
import { ProviderError } from "@backref/core/provider";
import { StorageError } from "@backref/core/storage";

const secondCopy = "./second/index.ts";
const second: {
  readonly BackrefError: typeof BackrefError;
  readonly ProviderError: typeof ProviderError;
  readonly StorageError: typeof StorageError;
} = await import(secondCopy);

const classes = { BackrefError, ProviderError, StorageError };
for (const name of ["BackrefError", "ProviderError", "StorageError"] as const) {
  assert.notEqual(second[name], classes[name], `${name} comes from one copy only`);
}
const theirs = new second.ProviderError({
  failure: "gone",
  providerId: "github",
  operation: "issue.read",
  message: "No such issue",
});
assert.equal(theirs instanceof ProviderError, false);
assert.ok(ProviderError.isInstance(theirs) && BackrefError.isInstance(theirs) && !StorageError.isInstance(theirs));
const ours = new BackrefError({ code: "closed", message: "Closed" });
assert.ok(second.BackrefError.isInstance(ours) && !second.ProviderError.isInstance(ours));
console.log("errors are known");
