/**
 * Where features meet the generic pages: cells, heads, panels and tabs by kind of record. What stands among other things
 * comes with them, so that nothing moves when it arrives; only what fills a column by itself is fetched when it is shown.
 */
import { lazy, type ReactNode } from "react";
import { CustomerHead } from "@/features/customers/customer-head";
import { CustomerPanel } from "@/features/customers/customer-panel";
import { HoldEnd } from "@/features/customers/hold-end";
import { MayContact } from "@/features/customers/may-contact";
import { SharedWith } from "@/features/customers/shared-with";
import { ImportButton } from "@/features/imports/import-button";
import { CustomerActions } from "@/features/inbox/customer-actions";
import { MailboxState } from "@/features/mailboxes/connection";
import { Rhythm, Ways } from "@/features/marketing/ways";
import { AboutToBreak } from "@/features/service/about-to-break";
import { NextDue, TicketClocks } from "@/features/service/clocks";
import { OpenTickets } from "@/features/service/open-tickets";
import { CreateToken } from "@/features/settings/create-token";
import { MAKE_LINK, MakeLink } from "@/features/settings/make-link";
import {
  type Extra,
  type Panel,
  type RecordSlots,
  SlotsContext,
  type Tab,
  TabsContext,
  TodayContext,
} from "@/records/slots";

const Letter = lazy(() => import("@/features/marketing/letter").then((m) => ({ default: m.Letter })));
const MailboxMain = lazy(() =>
  import("@/features/mailboxes/mailbox-main").then((m) => ({ default: m.MailboxMain })),
);
const TicketTalk = lazy(() =>
  import("@/features/inbox/ticket-talk").then((m) => ({ default: m.TicketTalk })),
);
const InviteDialog = lazy(() =>
  import("@/features/settings/invite-dialog").then((m) => ({ default: m.InviteDialog })),
);
const RoleGrants = lazy(() =>
  import("@/features/settings/role-grants").then((m) => ({ default: m.RoleGrants })),
);

const TABS: Record<string, Tab[]> = {
  customers: [
    { to: "/customers", plural: "customers" },
    { to: "/imports", plural: "imports" },
    { to: "/shares", plural: "shares" },
  ],
  service: [
    { to: "/tickets", plural: "tickets" },
    { to: "/ticket_rules", plural: "ticket_rules" },
  ],
  settings: [
    { to: "/settings", label: "ui.settings.company" },
    { to: "/settings/rules", label: "ui.settings.rules", may: "workspace.setting.choose" },
    { to: "/settings/office_hours", label: "ui.settings.office_hours", may: "workspace.holiday.read" },
    { to: "/settings/holidays", label: "ui.settings.holidays", may: "workspace.holiday.read" },
    { to: "/settings/fields", label: "ui.settings.fields", may: "workspace.custom_field.add" },
    { to: "/users", plural: "users" },
    { to: "/teams", plural: "teams" },
    { to: "/roles", plural: "roles" },
    { to: "/mailboxes", plural: "mailboxes" },
    { to: "/tokens", plural: "tokens" },
  ],
  marketing: [
    { to: "/strategies", plural: "strategies" },
    { to: "/effects", label: "ui.effect.title" },
    { to: "/segments", plural: "segments" },
    { to: "/templates", plural: "templates" },
  ],
  sales: [
    { to: "/orders", plural: "orders" },
    { to: "/products", plural: "products" },
  ],
};

const CUSTOMER: Panel = { key: "customer", show: CustomerPanel };
const [PAUSE, RESUME, END] = ["pause", "resume", "end"].map((verb) => `outreach.strategy.${verb}`) as [
  string,
  string,
  string,
];
const UNDER_WAY = [PAUSE, RESUME, END];
/** What a strategy can be told where it stands. */
const MOVES: Record<string, string[]> = { running: [PAUSE, END], paused: [RESUME, END], sent: [END] };
const DONE = new Set(["solved", "closed", "confirmed"]);

const SLOTS: Record<string, RecordSlots> = {
  customers: {
    place: "customers",
    acts: CustomerActions,
    action: ImportButton,
    head: CustomerHead,
    verbs: () => ({ later: ["customers.customer.share"] }),
    panels: [
      { key: "may_contact", show: MayContact },
      { key: "shared_with", show: SharedWith },
    ],
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
    elsewhere: ["contacts_made", "deliveries", "shares"],
  },
  gaps: {
    verbs: (row) => ({
      hide: [row.set_aside_at ? "set_aside" : "take_up"].map((verb) => `protocols.gap.${verb}`),
    }),
  },
  shares: { place: "customers" },
  holds: { quiet: ["source"], cells: { lifted_at: (row) => <HoldEnd row={row} /> } },
  tickets: {
    place: "service",
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
    action: ImportButton,
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
  // A text of one's own is pasted and looked at on the page of the protocol.
  protocols: { verbs: () => ({ hide: ["protocols.protocol.draft_text"] }) },
  users: {
    place: "settings",
    create: InviteDialog,
    acts: MakeLink,
    verbs: () => ({ later: ["workspace.user.set_password"], hide: [MAKE_LINK] }),
  },
  teams: { place: "settings" },
  roles: { place: "settings", main: RoleGrants },
  mailboxes: {
    place: "settings",
    main: MailboxMain,
    cells: { problem: (row) => <MailboxState row={row} /> },
    quiet: [
      ...[
        "signature",
        "problem",
        "problem_since",
        "read_at",
        "backfilled",
        "backfilled_at",
        "team",
        "authorities",
      ],
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
      hide: [
        "channels.mailbox.test",
        "channels.mailbox.sign",
        ...(row.primary ? ["channels.mailbox.make_primary"] : []),
      ],
    }),
  },
  tokens: { place: "settings", action: CreateToken },
  ticket_rules: { place: "service" },
  imports: { place: "customers", createAt: "/import" },
  strategies: {
    place: "marketing",
    createAt: "/strategies/new",
    verbs: (row) => ({
      first: UNDER_WAY,
      hide: UNDER_WAY.filter((verb) => !(MOVES[String(row.status)] ?? []).includes(verb)),
    }),
    cells: {
      channels: (row) => <Ways channels={row.channels as string[]} />,
      every_days: (row) => <Rhythm days={row.every_days as number | null} most={row.most_rounds} />,
    },
    widths: { every_days: 120, purpose: 168 },
  },
  segments: { place: "marketing", createAt: "/segments/new" },
  templates: {
    place: "marketing",
    createAt: "/templates/new",
    main: Letter,
    quiet: [
      "owner",
      "team",
      ...["en", "zh_hans", "zh_hant"].flatMap((part) => [`subject_${part}`, `body_${part}`]),
    ],
    // The text is edited where it is read, and looked at there as a customer would get it.
    verbs: () => ({ hide: ["channels.template.rewrite", "channels.template.preview"] }),
  },
  versions: {
    verbs: () => ({ first: ["protocols.version.publish"] }),
  },
  orders: { place: "sales", action: ImportButton, quiet: ["owner", "team", "currency"] },
  products: { place: "sales", action: ImportButton },
  contacts: { action: ImportButton },
  consents: { action: ImportButton },
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
