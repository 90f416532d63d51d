import { createBrowserRouter, Navigate, type RouteObject, useParams } from "react-router";
import { RouteError } from "@/app/error-boundary";
import { NotFoundPage } from "@/app/not-found";
import { Shell } from "@/app/shell/shell";
import { Skeleton } from "@/ui/states";

/** A conversation has one page, wherever a link to it stands. */
function ToInbox() {
  return <Navigate to={`/inbox/${useParams().id}?box=open`} replace />;
}

/** Fixed places first; every other address is a kind of record and, below it, one record. */
const routes: RouteObject[] = [
  {
    element: <Shell />,
    errorElement: <RouteError />,
    children: [
      {
        hydrateFallbackElement: <Skeleton lines={12} />,
        errorElement: <RouteError />,
        children: [
          {
            index: true,
            lazy: async () => ({ Component: (await import("@/features/today/today-page")).TodayPage }),
          },
          {
            path: "inbox/:id?",
            lazy: async () => ({ Component: (await import("@/features/inbox/inbox-page")).InboxPage }),
          },
          { path: "conversations/:id", element: <ToInbox /> },
          {
            path: "protocol/:id?",
            lazy: async () => ({
              Component: (await import("@/features/protocol/protocol-page")).ProtocolPage,
            }),
          },
          {
            path: "figures",
            lazy: async () => ({ Component: (await import("@/features/figures/figures-page")).FiguresPage }),
          },
          {
            path: "figures/*",
            lazy: async () => ({ Component: (await import("@/features/figures/figure-page")).FigurePage }),
          },
          {
            path: "settings",
            lazy: async () => ({ Component: (await import("@/features/settings/company-page")).CompanyPage }),
          },
          {
            path: "settings/rules",
            lazy: async () => ({ Component: (await import("@/features/settings/rules-page")).RulesPage }),
          },
          {
            path: "settings/fields",
            lazy: async () => ({ Component: (await import("@/features/settings/fields-page")).FieldsPage }),
          },
          {
            path: "settings/holidays",
            lazy: async () => ({
              Component: (await import("@/features/settings/holidays-page")).HolidaysPage,
            }),
          },
          {
            path: "settings/office_hours",
            lazy: async () => ({
              Component: (await import("@/features/settings/office-hours-page")).OfficeHoursPage,
            }),
          },
          {
            path: "segments/new",
            lazy: async () => ({
              Component: (await import("@/features/customers/segment-page")).NewSegmentPage,
            }),
          },
          {
            path: "segments/:id",
            lazy: async () => ({
              Component: (await import("@/features/customers/segment-page")).SegmentPage,
            }),
          },
          {
            path: "templates/new",
            lazy: async () => ({
              Component: (await import("@/features/marketing/letter-page")).NewLetterPage,
            }),
          },
          {
            path: "strategies/new",
            lazy: async () => ({
              Component: (await import("@/features/marketing/strategy-page")).NewStrategyPage,
            }),
          },
          {
            path: "strategies/:id",
            lazy: async () => ({
              Component: (await import("@/features/marketing/strategy-page")).StrategyPage,
            }),
          },
          {
            path: "effects",
            lazy: async () => ({
              Component: (await import("@/features/marketing/effects-page")).EffectsPage,
            }),
          },
          {
            path: "import",
            lazy: async () => ({ Component: (await import("@/features/imports/import-page")).ImportPage }),
          },
          {
            path: "imports/:id",
            lazy: async () => ({ Component: (await import("@/features/imports/run-page")).RunPage }),
          },
          {
            path: "mirror",
            lazy: async () => ({ Component: (await import("@/features/imports/mirror")).MirrorPage }),
          },
          { path: "custom_fields/:id?", element: <Navigate to="/settings/fields" replace /> },
          { path: "not-found", element: <NotFoundPage /> },
          {
            path: ":plural",
            lazy: async () => ({ Component: (await import("@/records/list/list-page")).ListRoute }),
          },
          {
            path: ":plural/:id",
            lazy: async () => ({ Component: (await import("@/records/record/record-page")).RecordRoute }),
          },
          { path: "*", element: <NotFoundPage /> },
        ],
      },
    ],
  },
];

export const router = createBrowserRouter(routes);
