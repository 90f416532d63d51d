/** The shapes every place of the client speaks: errors, rows, pages of rows, and what /api/meta declares. */

export type Id = string;

export type Kind =
  | "id"
  | "text"
  | "secret"
  | "sensitive"
  | "long_text"
  | "integer"
  | "decimal"
  | "money"
  | "boolean"
  | "date"
  | "datetime"
  | "duration"
  | "choice"
  | "reference"
  | "email"
  | "phone"
  | "json"
  | "language"
  | "zone"
  | "country"
  | "currency"
  | "list";

export type Reference = { id: Id; label: string };
export type Money = { amount: string; currency: string };
export type Choice = { value: string; label: string; help?: string };

export type Row = { id: Id; label?: string; can?: string[]; version?: number; [field: string]: unknown };
export type Count = { n: number; exact: boolean };
export type Page<T = Row> = { rows: T[]; next: string | null; count?: Count | null };

export type FieldMeta = {
  label: string;
  kind: Kind;
  required: boolean;
  writable: boolean;
  sortable: boolean;
  /** Whether only a mask of it is shown. */
  masked: boolean;
  /** Whether a role may open it less than the record. */
  closable: boolean;
  /** Whether the company added it. */
  custom?: boolean;
  choices?: Choice[] | null;
  /** Values with a word of their own, where any text may stand. */
  named?: Choice[];
  to?: string | null;
  unit?: string | null;
  help?: string | null;
  /** How many characters a text may have. */
  longest?: number;
  /** What stands in a new one. */
  initial?: unknown;
  operators: Operator[];
};

export type RecordMeta = {
  name: string;
  plural: string;
  domain: string;
  label: { one: string; many: string; help?: string };
  title: string;
  fields: Record<string, FieldMeta>;
  columns: string[];
  sort?: string;
  children: Record<string, { plural: string; label: string; through: string }>;
  operations: string[];
  /** The permission that creates one, for those who have it. */
  create: string | null;
  /** Whether the reader may change, and may archive, some of them. */
  change?: boolean;
  archive?: boolean;
  /** Whether the reader may look behind masks of some of them. */
  reveal?: boolean;
  search: boolean;
  /** Whether the company may add fields. */
  extensible?: boolean;
  /** Whether events tell of one: what only changes has its history. */
  story: boolean;
};

export type OperationMeta = {
  label: string;
  help: string;
  method: string;
  path: string;
  on: string | null;
  one: boolean;
  /** Whether it may be done to many records in one go. */
  many?: boolean;
  input: Schema | null;
  confirm?: boolean;
};

export type MeasureMeta = {
  label: string;
  help: string;
  unit: string;
  dimensions: string[];
  standard?: string | null;
  /** The noun whose rows its cases are. */
  over: string;
};

export type Meta = {
  records: Record<string, RecordMeta>;
  operations: Record<string, OperationMeta>;
  measures: Record<string, MeasureMeta>;
  settings?: Record<
    string,
    {
      label: string;
      unit?: string | null;
      default?: unknown;
      countings?: ("clock" | "office" | "workdays")[];
    }
  >;
};

/** The part of JSON schema that operations use to describe what they ask for. */
export type Schema = {
  type?: string | string[];
  title?: string;
  description?: string;
  format?: string;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  anyOf?: Schema[];
  allOf?: Schema[];
  $ref?: string;
  $defs?: Record<string, Schema>;
  items?: Schema;
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  required?: string[];
  minimum?: number;
  maximum?: number;
  unit?: string;
  keys_of?: string;
  minLength?: number;
  maxLength?: number;
  kind?: Kind;
  to?: string | null;
  choices?: Choice[] | null;
  label?: string;
  help?: string | null;
};

export type Operator =
  | "is"
  | "is_not"
  | "in"
  | "not_in"
  | "lt"
  | "lte"
  | "gt"
  | "gte"
  | "between"
  | "contains"
  | "starts_with"
  | "empty"
  | "not_empty"
  | "last"
  | "older_than"
  | "next"
  | "this"
  | "previous"
  | "anniversary_within"
  | "anniversary_this"
  | "contains_any"
  | "me"
  | "my_team"
  | "true"
  | "false";

export type Unit = "hours" | "days" | "weeks" | "months" | "years";
export type Grain = "day" | "week" | "month" | "quarter" | "year";
/** A length of time in one unit. */
export type Span = Partial<Record<Unit, number>>;
export type FieldCondition = { field: string; op: Operator; value?: unknown };
export type RelatedCondition = {
  related: string;
  /** "exists" where nothing is said. */
  aggregate?: "count" | "sum" | "min" | "max" | "first" | "latest" | "exists";
  of?: string;
  where?: Condition;
  last?: Span;
  this?: Grain;
  previous?: Grain;
  op?: Operator;
  value?: unknown;
};
export type Condition =
  | { and: Condition[]; v?: number }
  | { or: Condition[]; v?: number }
  | { not: Condition; v?: number }
  | (FieldCondition & { v?: number })
  | (RelatedCondition & { v?: number });

export type Me = {
  id: Id;
  name: string;
  email: string;
  language: string;
  zone: string;
  theme: "light" | "dark" | "system";
  roles: string[];
  teams: { id: Id; name: string }[];
  may: string[];
  company: Company;
};

export type Company = {
  name: string;
  currency: string;
  country: string;
  zone: string;
  language: string;
  line_of_work?: string;
  modules: string[];
};

export type Start = {
  first_run: boolean;
  company: Company | null;
  languages: string[];
  shortest_password: number;
  guess: { language: string; zone: string; currency: string };
};

export type SearchGroup = {
  plural: string;
  label: string;
  hits: { id: Id; label: string; hint?: string | null }[];
};
