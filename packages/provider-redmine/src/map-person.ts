import type { RemotePerson } from "@backref/core/provider";
import type { Named } from "./shapes.ts";

/** Redmine shows people by their names; logins are for administrators. */
export function mapPerson({ id, name }: Named): RemotePerson {
  return { id, login: null, displayName: name || `#${id}` };
}
