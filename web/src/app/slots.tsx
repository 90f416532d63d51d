/** Where features meet the generic pages: cells, heads, panels and tabs by kind of record. */
import { lazy, type ReactNode } from "react";
import {
  type Extra,
  type RecordSlots,
  SlotsContext,
  type Tab,
  TabsContext,
  TodayContext,
} from "@/records/slots";

const CreateToken = lazy(() =>
  import("@/features/settings/create-token").then((m) => ({ default: m.CreateToken })),
);
const RoleGrants = lazy(() =>
  import("@/features/settings/role-grants").then((m) => ({ default: m.RoleGrants })),
);

const TABS: Record<string, Tab[]> = {
  settings: [
    { to: "/settings", label: "ui.settings.company" },
    { to: "/users", plural: "users" },
    { to: "/teams", plural: "teams" },
    { to: "/roles", plural: "roles" },
    { to: "/mailboxes", plural: "mailboxes" },
    { to: "/tokens", plural: "tokens" },
    { to: "/imports", plural: "imports" },
  ],
  marketing: [
    { to: "/strategies", plural: "strategies" },
    { to: "/segments", plural: "segments" },
    { to: "/templates", plural: "templates" },
  ],
  orders: [
    { to: "/orders", plural: "orders" },
    { to: "/products", plural: "products" },
  ],
};

const SLOTS: Record<string, RecordSlots> = {
  users: { place: "settings" },
  teams: { place: "settings" },
  roles: { place: "settings", main: RoleGrants },
  mailboxes: { place: "settings" },
  tokens: { place: "settings", action: CreateToken },
  imports: { place: "settings" },
  strategies: { place: "marketing" },
  segments: { place: "marketing", createAt: "/segments/new" },
  templates: { place: "marketing" },
  orders: { place: "orders" },
  products: { place: "orders" },
};

const TODAY: Extra[] = [];

export function Slots({ children }: { children: ReactNode }) {
  return (
    <SlotsContext value={SLOTS}>
      <TabsContext value={TABS}>
        <TodayContext value={TODAY}>{children}</TodayContext>
      </TabsContext>
    </SlotsContext>
  );
}
