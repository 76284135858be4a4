/**
 * For processes that start and stop many threads. V8 aborts now and then ("Check failed: jit_page.has_value()") where
 * threads come and go on processors with protection keys: its list of code pages belongs to the whole process.
 */
export const threadArguments: readonly string[] = ["--no-memory-protection-keys"];
