/** Kinds of test objects every host knows; a host adds its own as plain strings. */
export type BuiltInTestObjectType = "test-case" | "test-run" | "test-session" | "milestone" | "test-result" | "defect";

/** Kind of a test object: one that every host knows, or any string of the host's own. */
export type TestObjectType = BuiltInTestObjectType | (string & {});

/** Something of the host's that can be linked. The host owns it; ids are opaque, up to 255 characters. */
export interface TestObject {
  readonly type: TestObjectType;
  readonly id: string;
  readonly projectId: string;
}
