export type { AcmeAuth, AcmeOptions } from "./forms.ts";
export { createAcmeProvider } from "./provider.ts";
