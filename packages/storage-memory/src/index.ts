/**
 * A storage in memory, for tests, demos and the first hour.
 * @packageDocumentation
 */
export { createMemoryStorage, type MemoryStorageOptions } from "./memory-storage.ts";
