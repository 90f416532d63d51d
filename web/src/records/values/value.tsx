import { Check, Minus } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { FieldMeta, Money, Reference } from "@/api/types";
import {
  formatDay,
  formatDuration,
  formatMoment,
  formatMoney,
  formatNumber,
  formatShare,
  formatWhen,
} from "@/lib/format";
import { countryName } from "@/lib/regions";
import { has, t } from "@/lib/words";
import css from "@/records/values/value.module.css";

const MASK = "•••";
const NUMBERS = new Set(["integer", "decimal", "money", "duration"]);

/** Numbers stand at the right, under each other. */
export function isNumber(field: FieldMeta): boolean {
  return NUMBERS.has(field.kind);
}

export function isEmpty(value: unknown): boolean {
  return (
    value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0)
  );
}

/** Seconds of a duration, whether given as a number or as ISO 8601 ("P1DT2H"). */
export function seconds(value: unknown): number {
  if (typeof value === "number") return value;
  const text = String(value);
  const parts = /^(-)?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(text);
  if (!parts) return Number(text) || 0;
  const [, sign, d, h, m, s] = parts;
  const total = Number(d ?? 0) * 86_400 + Number(h ?? 0) * 3_600 + Number(m ?? 0) * 60 + Number(s ?? 0);
  return sign ? -total : total;
}

/** What the catalogue calls one of the values a field may take. */
function worded(field: FieldMeta, value: unknown): string {
  const known = [...(field.choices ?? []), ...(field.named ?? [])];
  return known.find((one) => one.value === value)?.label ?? String(value);
}

/** A value as plain text, for names, titles and copies. */
export function plain(field: FieldMeta, value: unknown): string {
  if (field.masked) return isEmpty(value) ? MASK : String(value);
  if (isEmpty(value)) return "";
  switch (field.kind) {
    case "language":
      return has(`language.${value}`) ? t(`language.${value}`) : String(value);
    case "choice":
      return worded(field, value);
    case "reference":
      return worded(field, (value as Reference).label ?? value);
    case "country":
      return countryName(String(value));
    case "money":
      return typeof value === "object" ? formatMoney(value as Money) : formatNumber(String(value));
    case "integer":
    case "decimal":
      if (field.unit === "seconds") return formatDuration(Number(value));
      if (field.unit === "share") return formatShare(Number(value));
      return formatNumber(value as number);
    case "boolean":
      return t(value ? "ui.value.yes" : "ui.value.no");
    case "date":
      return formatDay(String(value));
    case "datetime":
      return formatMoment(String(value));
    case "duration":
      return formatDuration(seconds(value));
    case "list":
      return (value as unknown[]).map((one) => worded(field, one)).join(t("ui.value.comma"));
    case "json":
      return typeof value === "object" ? JSON.stringify(value) : String(value);
    default:
      return worded(field, value);
  }
}

/** An address that goes to the next line before its @, not within a word. */
function Mail({ to }: { to: string }) {
  const [name, host] = to.split("@");
  return (
    <a href={`mailto:${to}`}>
      {name}
      <wbr />
      {host && `@${host}`}
    </a>
  );
}

/** A value of a record as people read it; `link` makes references and addresses lead somewhere. */
export function Value({
  field,
  value,
  link = false,
}: {
  field: FieldMeta;
  value: unknown;
  link?: boolean;
}): ReactNode {
  if (field.masked) return plain(field, value);
  if (isEmpty(value)) return <span className={css.none} role="img" aria-label={t("ui.value.none")} />;
  if (field.kind === "boolean") {
    return value ? (
      <Check size={16} role="img" aria-label={t("ui.value.yes")} />
    ) : (
      <Minus size={16} role="img" aria-label={t("ui.value.no")} className={css.faint} />
    );
  }
  if (field.kind === "datetime") {
    return (
      <time dateTime={String(value)} title={formatMoment(String(value))}>
        {formatWhen(String(value))}
      </time>
    );
  }
  if (link && field.kind === "reference" && field.to) {
    return <Link to={`/${field.to}/${(value as Reference).id}`}>{plain(field, value)}</Link>;
  }
  if (link && field.kind === "email") return <Mail to={String(value)} />;
  if (link && field.kind === "phone") return <a href={`tel:${String(value)}`}>{String(value)}</a>;
  return plain(field, value);
}
