import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { Eye } from "lucide-react";
import { api } from "@/api/client";
import type { FieldMeta, RecordMeta, Row } from "@/api/types";
import { t } from "@/lib/words";
import css from "@/records/record/facts.module.css";
import { Value } from "@/records/values/value";
import { problemText } from "@/ui/states";
import { say } from "@/ui/toast";

type Props = { meta: RecordMeta; row: Row; name: string; field: FieldMeta };

/** A field of which a mask is shown; whoever may, looks behind it, which the story of the record tells. */
export function MaskedFact({ meta, row, name, field }: Props) {
  const client = useQueryClient();
  const look = useMutation({
    mutationFn: () => api.post<{ value: unknown }>(`/api/${meta.plural}/${row.id}/reveal`, { field: name }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["story", meta.plural, row.id] }),
    onError: (error) => say(problemText(error), { tone: "broken" }),
  });
  return (
    <div className={css.fact}>
      <dt title={field.help ?? undefined}>{field.label}</dt>
      <dd aria-live="polite">
        <span className={css.fixed}>
          {look.data ? (
            <Value field={{ ...field, masked: false }} value={look.data.value} link />
          ) : (
            <Value field={field} value={row[name]} />
          )}
        </span>
        {meta.reveal && !look.data && (
          <Button
            size="small"
            type="text"
            icon={<Eye size={14} aria-hidden />}
            loading={look.isPending}
            aria-label={t("ui.record.reveal_field", { field: field.label })}
            title={t("ui.record.reveal_field", { field: field.label })}
            onClick={() => look.mutate()}
          />
        )}
      </dd>
    </div>
  );
}
