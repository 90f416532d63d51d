import { Suspense } from "react";
import { RouterProvider } from "react-router";
import { router } from "@/app/router";

/** Everything behind the sign-in. */
export function SignedIn() {
  return (
    <Suspense fallback={null}>
      <RouterProvider router={router} />
    </Suspense>
  );
}
