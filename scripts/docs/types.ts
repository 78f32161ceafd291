/**
 * The types of commands as a reader wants them: those of a client whose strings are text.
 */
import type { Project, SomeType, TypeDoc } from "./typedoc.ts";

/** What the type parameters of a command group are on a client. */
const ON_CLIENT: Readonly<Record<string, string>> = { B: "string", N: "number" };

/** `Reply<M, B | null>` becomes `Promise<string | null>`. */
export function readableType(type: SomeType, project: Project, typedoc: TypeDoc): SomeType {
  const visit = (it: SomeType): SomeType => readableType(it, project, typedoc);
  const visitAll = (list: SomeType[]): SomeType[] => list.map(visit);
  if (type.type === "reference") {
    const text = ON_CLIENT[type.name ?? ""];
    if (text !== undefined) return new typedoc.IntrinsicType(text);
    const [, reply] = type.typeArguments ?? [];
    if (type.name === "Reply" && reply !== undefined) {
      const promise = typedoc.ReferenceType.createBrokenReference("Promise", project, "typescript");
      promise.typeArguments = [visit(reply)];
      return promise;
    }
  }
  if (type.types !== undefined) type.types = visitAll(type.types);
  if (type.elements !== undefined) type.elements = visitAll(type.elements);
  if (type.typeArguments !== undefined) type.typeArguments = visitAll(type.typeArguments);
  for (const place of PLACES) {
    const inner = type[place];
    if (typeof inner === "object") type[place] = visit(inner);
  }
  return type;
}

const PLACES = [
  "element",
  "elementType",
  "target",
  "objectType",
  "indexType",
  "checkType",
  "extendsType",
  "trueType",
  "falseType",
] as const;
