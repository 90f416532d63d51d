/** Where features meet the generic pages: cells, heads, panels and tabs by kind of record. */
import { lazy, type ReactNode } from "react";
import {
  type Extra,
  type Panel,
  type RecordSlots,
  SlotsContext,
  type Tab,
  TabsContext,
  TodayContext,
} from "@/records/slots";

const AboutToBreak = lazy(() =>
  import("@/features/service/about-to-break").then((m) => ({ default: m.AboutToBreak })),
);
const CustomerActions = lazy(() =>
  import("@/features/inbox/customer-actions").then((m) => ({ default: m.CustomerActions })),
);
const CustomerHead = lazy(() =>
  import("@/features/customers/customer-head").then((m) => ({ default: m.CustomerHead })),
);
const CustomerPanel = lazy(() =>
  import("@/features/customers/customer-panel").then((m) => ({ default: m.CustomerPanel })),
);
const HoldEnd = lazy(() => import("@/features/customers/hold-end").then((m) => ({ default: m.HoldEnd })));
const ImportButton = lazy(() =>
  import("@/features/imports/import-button").then((m) => ({ default: m.ImportButton })),
);
const Letter = lazy(() => import("@/features/marketing/letter").then((m) => ({ default: m.Letter })));
const MailboxMain = lazy(() =>
  import("@/features/mailboxes/mailbox-main").then((m) => ({ default: m.MailboxMain })),
);
const MailboxState = lazy(() =>
  import("@/features/mailboxes/connection").then((m) => ({ default: m.MailboxState })),
);
const Ways = lazy(() => import("@/features/marketing/ways").then((m) => ({ default: m.Ways })));
const NextDue = lazy(() => import("@/features/service/clocks").then((m) => ({ default: m.NextDue })));
const OpenTickets = lazy(() =>
  import("@/features/service/open-tickets").then((m) => ({ default: m.OpenTickets })),
);
const TicketClocks = lazy(() =>
  import("@/features/service/clocks").then((m) => ({ default: m.TicketClocks })),
);
const TicketTalk = lazy(() =>
  import("@/features/inbox/ticket-talk").then((m) => ({ default: m.TicketTalk })),
);
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

const CUSTOMER: Panel = { key: "customer", show: CustomerPanel };
const DONE = new Set(["solved", "closed", "confirmed"]);

const SLOTS: Record<string, RecordSlots> = {
  customers: {
    acts: CustomerActions,
    action: ImportButton,
    head: CustomerHead,
    quiet: ["birth_year_known", "lifecycle", "lifecycle_since", "lifecycle_cause", "team"],
    relations: [
      "tickets",
      "orders",
      "conversations",
      "todos",
      "contact_points",
      "consents",
      "holds",
      "contacts",
      "organisations",
      "memberships",
    ],
    elsewhere: ["contacts_made", "deliveries"],
  },
  holds: { quiet: ["source"], cells: { lifted_at: (row) => <HoldEnd row={row} /> } },
  tickets: {
    cells: { next_due_at: (row) => <NextDue row={row} /> },
    head: TicketClocks,
    talk: TicketTalk,
    elsewhere: ["conversations"],
    panels: [CUSTOMER],
    widths: { next_due_at: 184 },
    quiet: ["description", "reply_due_at", "solve_due_at", "next_due_at", "reopened", "customer", "team"],
    verbs: (row) => {
      const hide = DONE.has(String(row.status))
        ? ["move", "solve", "note_receipt", "note_reply", "make_complaint"]
        : ["reopen", "close", "confirm", ...(row.kind === "complaint" ? ["make_complaint"] : [])];
      return {
        first: ["confirm", "close", "solve", "move"].map((verb) => `service.ticket.${verb}`),
        hide: hide.map((verb) => `service.ticket.${verb}`),
      };
    },
  },
  conversations: {
    panels: [{ key: "tickets", show: OpenTickets }, CUSTOMER],
    verbs: (row) => ({
      first: ["channels.conversation.close", "channels.conversation.snooze"],
      hide: (row.status === "open" ? ["reopen"] : row.status === "closed" ? ["close", "snooze"] : []).map(
        (verb) => `channels.conversation.${verb}`,
      ),
    }),
  },
  todos: {
    verbs: (row) =>
      row.done_at ? { hide: ["complete", "snooze", "reassign"].map((verb) => `workspace.todo.${verb}`) } : {},
  },
  users: { place: "settings" },
  teams: { place: "settings" },
  roles: { place: "settings", main: RoleGrants },
  mailboxes: {
    place: "settings",
    main: MailboxMain,
    cells: { problem: (row) => <MailboxState row={row} /> },
    quiet: [
      ...["problem", "problem_since", "read_at", "backfilled", "backfilled_at", "team", "authorities"],
      ...[
        "imap_port",
        "imap_security",
        "smtp_port",
        "smtp_security",
        "folder",
        "sent_folder",
        "plus_addressing",
      ],
    ],
    verbs: (row) => ({
      hide: ["channels.mailbox.test", ...(row.primary ? ["channels.mailbox.make_primary"] : [])],
    }),
  },
  tokens: { place: "settings", action: CreateToken },
  imports: { place: "settings", createAt: "/import" },
  strategies: {
    place: "marketing",
    createAt: "/strategies/new",
    cells: { channels: (row) => <Ways channels={row.channels as string[]} /> },
    widths: { every_days: 132 },
  },
  segments: { place: "marketing", createAt: "/segments/new" },
  templates: {
    place: "marketing",
    main: Letter,
    quiet: ["en", "zh_hans", "zh_hant"].flatMap((part) => [`subject_${part}`, `body_${part}`]),
  },
  orders: { place: "orders" },
  products: { place: "orders" },
};

const TODAY: Extra[] = [{ key: "tickets", show: AboutToBreak }];

export function Slots({ children }: { children: ReactNode }) {
  return (
    <SlotsContext value={SLOTS}>
      <TabsContext value={TABS}>
        <TodayContext value={TODAY}>{children}</TodayContext>
      </TabsContext>
    </SlotsContext>
  );
}
