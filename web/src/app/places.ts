/** The places of the house, in the words of the work; a place without anything in it is not shown. */
import {
  BookText,
  Building2,
  ChartColumn,
  Inbox,
  type LucideIcon,
  Megaphone,
  Settings,
  ShoppingCart,
  SunMedium,
  Users,
  Wrench,
} from "lucide-react";
import type { Meta } from "@/api/types";

export type Place = {
  key: string;
  to: string;
  icon: LucideIcon;
  /** The plural of the record that must exist, when the place lives on one. */
  needs?: string;
  /** Addresses that also belong to this place. */
  also?: string[];
  /** One of the five at the bottom of a phone. */
  phone?: boolean;
};

export const PLACES: Place[] = [
  { key: "today", to: "/", icon: SunMedium, also: ["/todos"], phone: true },
  {
    key: "inbox",
    to: "/inbox",
    icon: Inbox,
    needs: "conversations",
    also: ["/conversations", "/messages", "/deliveries", "/drafts", "/ratings"],
    phone: true,
  },
  {
    key: "customers",
    to: "/customers",
    icon: Users,
    needs: "customers",
    also: [
      "/contacts",
      "/contact_points",
      "/consents",
      "/holds",
      "/shares",
      "/mirror",
      "/imports",
      "/import",
    ],
    phone: true,
  },
  { key: "sales", to: "/orders", icon: ShoppingCart, needs: "orders", also: ["/order_lines", "/products"] },
  {
    key: "service",
    to: "/tickets",
    icon: Wrench,
    needs: "tickets",
    also: ["/ticket_rules", "/ticket_conversations"],
    phone: true,
  },
  {
    key: "marketing",
    to: "/strategies",
    icon: Megaphone,
    needs: "strategies",
    also: ["/effects", "/segments", "/memberships", "/templates", "/recipients", "/journeys", "/runs"],
  },
  {
    key: "protocol",
    to: "/protocol",
    icon: BookText,
    needs: "clauses",
    also: ["/protocols", "/clauses", "/versions", "/gaps"],
    phone: true,
  },
  { key: "figures", to: "/figures", icon: ChartColumn },
  {
    key: "settings",
    to: "/settings",
    icon: Settings,
    also: [
      "/users",
      "/teams",
      "/roles",
      "/tokens",
      "/mailboxes",
      "/signatures",
      "/holidays",
      "/custom_fields",
    ],
  },
];

export const CompanyIcon = Building2;

export function placesFor(meta: Meta): Place[] {
  return PLACES.filter((place) => !place.needs || place.needs in meta.records);
}

/** The place an address belongs to. */
export function placeOf(path: string): Place | undefined {
  return PLACES.find((place) =>
    [place.to, ...(place.also ?? [])].some(
      (start) => path === start || (start !== "/" && path.startsWith(`${start}/`)),
    ),
  );
}
