import { Button } from "antd";
import { Plus } from "lucide-react";
import { lazy, Suspense, useContext, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { useMeta } from "@/api/session";
import { placeOf } from "@/app/places";
import { useKeys } from "@/lib/keys";
import { t } from "@/lib/words";
import { SlotsContext } from "@/records/slots";
import { Menu } from "@/ui/menu";

const CreateDialog = lazy(() =>
  import("@/records/forms/create-dialog").then((m) => ({ default: m.CreateDialog })),
);

/** What is begun every day stands before what is set up once. */
const DAILY = ["customers", "todos", "tickets", "orders", "products", "segments", "templates", "strategies"];

/** The kinds of record one may create, the one of this place first; some have a page for it. */
export function useCreatable(): { plural: string; label: string; at: string | undefined }[] {
  const meta = useMeta();
  const slots = useContext(SlotsContext);
  const here = placeOf(useLocation().pathname)?.needs;
  const rank = (plural: string) => {
    if (plural === here) return -1;
    return DAILY.includes(plural) ? DAILY.indexOf(plural) : DAILY.length;
  };
  return Object.values(meta.records)
    .filter(({ create, plural }) => create !== null && placeOf(`/${plural}`)?.key !== "settings")
    .map((record) => ({ plural: record.plural, label: record.label.one, at: slots[record.plural]?.createAt }))
    .sort((a, b) => rank(a.plural) - rank(b.plural));
}

export function CreateMenu({ phone }: { phone: boolean }) {
  const creatable = useCreatable();
  const [creating, setCreating] = useState<string | null>(null);
  const navigate = useNavigate();
  const first = creatable[0];
  const begin = (plural: string) => {
    const at = creatable.find((one) => one.plural === plural)?.at;
    if (at) navigate(at);
    else setCreating(plural);
  };
  useKeys({
    c: (event) => {
      event.preventDefault();
      if (first) begin(first.plural);
    },
  });
  if (!first) return null;
  return (
    <>
      <Menu
        menu={{
          items: creatable.map(({ plural, label }) => ({ key: plural, label })),
          onClick: ({ key }) => begin(key),
        }}
      >
        <Button aria-label={t("ui.create.menu")} icon={<Plus size={16} aria-hidden />}>
          {phone ? null : t("ui.create.menu")}
        </Button>
      </Menu>
      {creating && (
        <Suspense fallback={null}>
          <CreateDialog
            plural={creating}
            close={() => setCreating(null)}
            done={(row) => navigate(`/${creating}/${row.id}`)}
          />
        </Suspense>
      )}
    </>
  );
}
