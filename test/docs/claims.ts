/**
 * What the comments at the ends of an example's statements claim: a value (`// ["a", "b"]`) or a
 * type (`// Promise<number>`). Other comments are words, and claim nothing that can be checked.
 */
import {
  type BindingPattern,
  type Comment,
  type Expression,
  parseSync,
  type Statement,
  Visitor,
} from "oxc-parser";

/** A claim about the value of an expression of the parsed text. */
export interface Claim {
  /** Where the statement begins. */
  readonly at: number;
  /** The expression's place. */
  readonly start: number;
  readonly end: number;
  readonly comment: string;
  /** How the value is to be compared; or the type that the expression has. */
  readonly kind: "equal" | "partial" | "listed" | "type";
  /** An expression (or type) that says what is claimed. */
  readonly expected: string;
}

/** The claims in the statements of a block. */
export function claimsIn(
  text: string,
  statements: readonly Statement[],
  comments: readonly Comment[],
  types: ReadonlySet<string>,
): Claim[] {
  return statements.flatMap((statement) => {
    const subject = subjectOf(statement);
    const comment = commentAfter(text, statement, comments);
    if (subject === undefined || comment === undefined) return [];
    const [kind, expected] = read(comment, subject.pattern, types) ?? [];
    if (kind === undefined || expected === undefined) return [];
    const { start, end } = subject.expression;
    return [{ at: statement.start, start, end, comment, kind, expected }];
  });
}

interface Subject {
  readonly expression: Expression;
  readonly pattern: BindingPattern | undefined;
}

function subjectOf(statement: Statement): Subject | undefined {
  if (statement.type === "ExpressionStatement") {
    return { expression: statement.expression, pattern: undefined };
  }
  if (statement.type !== "VariableDeclaration") return undefined;
  const [declarator, second] = statement.declarations;
  if (declarator?.init === null || declarator?.init === undefined) return undefined;
  return second === undefined ? { expression: declarator.init, pattern: declarator.id } : undefined;
}

/** The comment behind a statement, or on the line below. */
function commentAfter(
  text: string,
  { end }: Statement,
  comments: readonly Comment[],
): string | undefined {
  const next = comments.find((comment) => comment.start >= end);
  if (next?.type !== "Line" || !/^[ \t]*(\n[ \t]*)?$/.test(text.slice(end, next.start)))
    return undefined;
  return next.value.trim();
}

function read(
  comment: string,
  pattern: BindingPattern | undefined,
  types: ReadonlySet<string>,
): readonly [Claim["kind"], string] | undefined {
  const text = comment.replaceAll(/\bSet ?\{(.*?)\}/g, "new Set([$1])");
  const isOne = pattern?.type === "ArrayPattern" && pattern.elements.length === 1;
  if (isLiteral(text)) return ["equal", isOne && !text.startsWith("[") ? `[${text}]` : text];
  if (pattern?.type === "ObjectPattern" && isLiteral(`[${text}]`)) {
    return ["listed", `[[${names(pattern)}], [${text}]]`];
  }
  if (isLiteral(`{ ${text} }`)) return ["partial", `{ ${text} }`];
  // "2: all but the best", "true, always": a value and words.
  const leading = /^(true|false|null|-?\d+(\.\d+)?|"[^"]*")(?=[:,]? [a-z"])/.exec(text)?.[1];
  if (leading !== undefined) return ["equal", isOne ? `[${leading}]` : leading];
  const type = isOne && !text.startsWith("[") ? `[${comment}]` : comment;
  return isType(type, types) ? ["type", type] : undefined;
}

function names(pattern: BindingPattern): string {
  if (pattern.type !== "ObjectPattern") return "";
  return pattern.properties
    .map((property) => (property.type === "Property" ? property.key : property.argument))
    .map((key) => (key.type === "Identifier" ? JSON.stringify(key.name) : ""))
    .join(", ");
}

/** Whether a text is a type made of known names. */
function isType(text: string, types: ReadonlySet<string>): boolean {
  const { program, errors } = parseSync("type.ts", `type T = ${text};`);
  let isKnown = errors.length === 0 && program.body.length === 1;
  new Visitor({
    TSTypeReference: ({ typeName }) => {
      if (typeName.type !== "Identifier" || !types.has(typeName.name)) isKnown = false;
    },
  }).visit(program);
  return isKnown;
}

/** Whether a text is an expression that says a value without a name in it. */
function isLiteral(text: string): boolean {
  const { program, errors } = parseSync("value.ts", `(${text});`);
  const [statement, second] = program.body;
  if (errors.length > 0 || second !== undefined) return false;
  return statement?.type === "ExpressionStatement" && isValue(statement.expression);
}

function isValue(node: Expression): boolean {
  switch (node.type) {
    case "ParenthesizedExpression":
      return isValue(node.expression);
    case "Literal":
      return true;
    case "UnaryExpression":
      return isValue(node.argument);
    case "Identifier":
      return node.name === "undefined" || node.name === "Infinity";
    case "ArrayExpression":
      return node.elements.every(
        (item) => item !== null && item.type !== "SpreadElement" && isValue(item),
      );
    case "ObjectExpression":
      return node.properties.every(
        (property) => property.type === "Property" && isValue(property.value),
      );
    case "NewExpression":
      return (
        node.callee.type === "Identifier" &&
        /^(Set|Map|Date)$/.test(node.callee.name) &&
        node.arguments.every((item) => item.type !== "SpreadElement" && isValue(item))
      );
    default:
      return false;
  }
}
