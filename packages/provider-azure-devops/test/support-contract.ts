import { contractFolder as folderOf } from "../../../tests/support/contracts.ts";

export const contractFolder: string = folderOf("azure-devops");
