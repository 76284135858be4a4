import type { ProjectRecord, TypeRecord } from "./model.ts";
import { agileTypes } from "./process.ts";
import type { World } from "./world.ts";

/** A project to set up. */
export interface AzureDevOpsProjectOptions {
  /** Spaces and letters of any script are allowed. */
  readonly name: string;
  /** Beside those of the Agile process, or in place of one by its name. @default [] */
  readonly types?: readonly TypeRecord[];
  /** Paths below the project's own, such as `Website\\Shop`. @default [] */
  readonly areas?: readonly string[];
  /** @default [] */
  readonly iterations?: readonly string[];
}

export function addProject(world: World, options: string | AzureDevOpsProjectOptions): ProjectRecord {
  const { name, types = [], areas = [], iterations = [] } = typeof options === "string" ? { name: options } : options;
  if (/[\\/:*?"<>|;#$@{},+=[\]]/.test(name) || name.trim() === "" || /^[._]/.test(name))
    throw new TypeError(`"${name}" is no project name`);
  if (world.findProject(name) !== undefined) throw new TypeError(`${name} exists already`);
  const kept = agileTypes.filter((type) => !types.some((own) => own.name === type.name));
  const project: ProjectRecord = {
    id: world.guid(),
    name,
    types: [...kept, ...types],
    areas: [name, ...areas.map((path) => `${name}\\${path}`)],
    iterations: [name, ...iterations.map((path) => `${name}\\${path}`)],
  };
  world.setProject(project);
  return project;
}
