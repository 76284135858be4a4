/**
 * A Linear that lives in memory, for tests of providers and hosts.
 * @packageDocumentation
 */

export type { ListeningFake } from "../fake/port.ts";
export { checkLinearDocument } from "./check-document.ts";
export { createFakeLinear, type FakeLinear, type FakeLinearIssue, type FakeLinearOptions } from "./fake.ts";
export type { FakeLinearFile } from "./files.ts";
export type { HookRecord as FakeLinearHook } from "./model.ts";
export type { LinearPerson } from "./person.ts";
