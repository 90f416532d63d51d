/** From what an operation or a record declares to the lines of a form. */
import type { Choice, Kind, Meta, OperationMeta, RecordMeta, Row, Schema } from "@/api/types";
import { has, t } from "@/lib/words";
import type { InputField } from "@/records/values/input";

export type FormField = InputField & {
  /** The columns of a field that takes several rows. */
  rows?: FormField[];
  name: string;
  label: string;
  help?: string | null;
  required: boolean;
  initial?: unknown;
  maxLength?: number;
};

function resolve(schema: Schema, defs: Record<string, Schema>): Schema {
  const name = schema.$ref?.split("/").pop();
  if (name) return { ...resolve(defs[name] ?? {}, defs), ...schema, $ref: undefined as never };
  const variants = schema.anyOf ?? schema.allOf;
  const chosen =
    variants?.find((variant) => variant.type === "number") ??
    variants?.find((variant) => variant.type !== "null");
  return chosen ? { ...resolve(chosen, defs), ...schema } : schema;
}

function kindOf(schema: Schema): Kind {
  if (schema.kind) return schema.kind;
  if (schema.enum || schema.choices) return "choice";
  const byFormat: Record<string, Kind> = {
    date: "date",
    "date-time": "datetime",
    duration: "duration",
    email: "email",
    uuid: "reference",
  };
  const found = schema.format ? byFormat[schema.format] : undefined;
  if (found) return found;
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== "null") : schema.type;
  if (type === "integer") return "integer";
  if (type === "number") return "decimal";
  if (type === "boolean") return "boolean";
  if (type === "array") return "list";
  if (type === "object") return "json";
  return (schema.maxLength ?? 0) > 400 ? "long_text" : "text";
}

const SECRET = /password|secret$/;
const LONG = /^(text|body|note|reason|message|summary|comment|wording|solution|authorities|signature)$/;

/** The first of several texts that the catalogue knows. */
function wording(keys: string[], fallback: string): string {
  const found = keys.find(has);
  return found ? t(found) : fallback;
}

/** The choices of a field that only says which values it takes, as the catalogue or another field of the record calls them. */
function choicesOf(name: string, prefixes: string[], values: unknown[], record?: RecordMeta): Choice[] {
  const taken = values.filter((value) => value !== null).map(String);
  const alike = Object.values(record?.fields ?? {})
    .map(({ choices }) => choices ?? [])
    .find((choices) => taken.every((value) => !value || choices.some((one) => one.value === value)));
  return taken.map((value) => ({
    value,
    label: wording(
      [...prefixes.map((prefix) => `${prefix}.${name}.${value}`), `${name}.${value}`],
      alike?.find((one) => one.value === value)?.label ?? value,
    ),
  }));
}

/** What is said below a line before it is filled in: how long its text has to be, and what the catalogue tells of it. */
function helpOf(schema: Schema, name: string, prefixes: string[]): string | null {
  const told = wording(
    prefixes.map((prefix) => `${prefix}.${name}.help`),
    "",
  );
  const least = (schema.minLength ?? 0) > 1 ? t("ui.form.least_characters", { n: schema.minLength }) : "";
  return [least, told].filter(Boolean).join(" ") || null;
}

/** The lines of an operation's input; named in the words of the operation, or of the field of the same name. */
export function fieldsOfOperation(operation: OperationMeta, name: string, meta: Meta): FormField[] {
  const record = operation.on ? meta.records[operation.on] : undefined;
  const asked = fieldsOfSchema(operation.input, meta, record, [name, ...(record ? [record.name] : [])]);
  const added = record && operation.input?.patternProperties ? fieldsOfRecord(record) : [];
  return [...asked, ...added.filter((field) => record?.fields[field.name]?.custom)];
}

function fieldsOfSchema(
  schema: Schema | null,
  meta: Meta,
  record: RecordMeta | undefined,
  prefixes: string[],
): FormField[] {
  if (!schema?.properties) return [];
  const defs = schema.$defs ?? {};
  // What can only be one thing is not asked, nor which row of several it is: that goes along unseen.
  const asked = Object.entries(schema.properties)
    .map(([name, given]) => [name, resolve(given, defs)] as const)
    .filter(([name, property]) => property.const === undefined && name !== "id");
  return asked.map(([name, property]) => {
    const same = record?.fields[name];
    const items = property.items ? resolve(property.items, defs) : undefined;
    let kind = property.kind ?? same?.kind ?? kindOf(property);
    if (kind === "text" && LONG.test(name)) kind = "long_text";
    if (kind === "text" && SECRET.test(name)) kind = "secret";
    const to =
      property.to ??
      same?.to ??
      Object.values(meta.records).find(
        (one) => one.label.one && one.name.endsWith(`.${name.replace(/_id$/, "")}`),
      )?.plural;
    if (kind === "reference" && !to) kind = "text";
    const values = property.enum ?? items?.enum;
    // Rows that make other records are worded like these.
    const made = items?.properties && Object.values(meta.records).find(({ plural }) => plural === name);
    const choices =
      property.choices ?? same?.choices ?? (values && choicesOf(name, prefixes, values, record));
    return {
      name,
      kind,
      label: wording(
        [
          ...prefixes.flatMap((prefix) => [`${prefix}.${name}`, `${prefix}_${name.replace(/s$/, "")}`]),
          `field.${name}`,
        ],
        same?.label ?? property.title ?? name,
      ),
      help: helpOf(property, name, prefixes),
      required: schema.required?.includes(name) ?? false,
      initial: property.default,
      ...(choices && { choices }),
      ...(to && { to }),
      ...(property.keys_of && { keysOf: property.keys_of }),
      ...(property.unit && { unit: property.unit }),
      ...(items?.properties && {
        rows: fieldsOfSchema({ ...items, $defs: defs }, meta, made, [
          ...prefixes.flatMap((prefix) => [`${prefix}.${name}`, `${prefix}_${name.replace(/s$/, "")}`]),
          ...(made ? [made.name] : []),
        ]),
      }),
      ...(property.maxLength && { maxLength: property.maxLength }),
    };
  });
}

/** What a record holds of the keys that an operation asks for anew: whoever changes roles sees those that there are. */
export function keysHeld(operation: OperationMeta, row: Row): Record<string, unknown> {
  const asked = Object.entries(operation.input?.properties ?? {});
  return Object.fromEntries(asked.filter(([, { keys_of }]) => keys_of).map(([name]) => [name, row[name]]));
}

/** The lines of a new record: everything one may write, what is required first. */
export function fieldsOfRecord(record: RecordMeta): FormField[] {
  const fields = Object.entries(record.fields)
    .filter(([, field]) => field.writable)
    .map(([name, field]) => ({ ...field, name, help: field.help ?? null }));
  return [...fields.filter((field) => field.required), ...fields.filter((field) => !field.required)];
}
