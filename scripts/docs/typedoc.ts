/**
 * As much of TypeDoc's types as the scripts use: it is no dependency of the project, so the
 * compiler does not see its own.
 */

/** The module `typedoc`. */
export interface TypeDoc {
  readonly Application: {
    bootstrap(options: Readonly<Record<string, unknown>>): Promise<Application>;
  };
  readonly Comment: new (summary: CommentPart[], blockTags?: CommentTag[]) => Comment;
  readonly CommentTag: new (tag: string, content: CommentPart[]) => CommentTag;
  readonly IntrinsicType: new (name: string) => SomeType;
  readonly ReferenceType: {
    createBrokenReference(name: string, project: Project, packageName: string): SomeType;
  };
}

/** One run of the generator. */
export interface Application {
  readonly converter: {
    on(
      event: "resolveBegin",
      listener: (context: { readonly project: Project }) => void,
      priority: number,
    ): void;
  };
  readonly logger: { readonly errorCount: number; readonly warningCount: number };
  convert(): Promise<Project | undefined>;
  generateDocs(project: Project, folder: string): Promise<void>;
}

/** Everything that is documented. */
export interface Project extends Reflection {
  removeReflection(reflection: Reflection): void;
}

/** Something with a name: a class, a member, a signature, a parameter, a document. */
export interface Reflection {
  readonly name: string;
  readonly variant: string;
  kind: number;
  readonly children?: Reflection[];
  /** The same things, and documents, in the order of the navigation. */
  readonly childrenIncludingDocuments?: Reflection[];
  readonly documents?: readonly Reflection[];
  readonly signatures?: readonly Reflection[];
  readonly getSignature?: Reflection;
  readonly parameters?: readonly Reflection[];
  readonly inheritedFrom?: unknown;
  comment?: Comment;
  /** Of a document: its text. */
  content?: CommentPart[];
  /** Of the project: the first page. */
  readme?: CommentPart[];
  sources?: readonly { readonly fullFileName: string }[];
  type?: SomeType;
  typeParameters?: readonly Reflection[];
  extendedTypes?: readonly SomeType[];
  implementedTypes?: readonly SomeType[];
}

/** A docstring. */
export interface Comment {
  summary: CommentPart[];
  blockTags: CommentTag[];
}

/** `@tag {annotation} content`. */
export interface CommentTag {
  readonly tag: string;
  content: CommentPart[];
  typeAnnotation?: string;
}

/** A piece of text, or a link. */
export type CommentPart =
  | { readonly kind: "text" | "code"; readonly text: string }
  | {
      readonly kind: "inline-tag";
      readonly tag: "@link" | "@linkcode";
      readonly text: string;
      readonly target: Reflection;
    };

/** A type; which properties it has depends on `type`. */
export interface SomeType {
  readonly type: string;
  readonly name?: string;
  readonly declaration?: Reflection;
  types?: SomeType[];
  elements?: SomeType[];
  typeArguments?: SomeType[];
  element?: SomeType;
  elementType?: SomeType;
  target?: SomeType | number;
  objectType?: SomeType;
  indexType?: SomeType;
  checkType?: SomeType;
  extendsType?: SomeType;
  trueType?: SomeType;
  falseType?: SomeType;
}

/** The bits of `Reflection.kind` that matter here. */
export const FUNCTION = 64;
export const CLASS = 128;
export const INTERFACE = 256;
export const CONSTRUCTOR = 512;
