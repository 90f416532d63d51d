import { Suspense } from "react";
import { RouterProvider } from "react-router";
import { router } from "@/app/router";
import { Slots } from "@/app/slots";

/** Everything behind the sign-in. */
export function SignedIn() {
  return (
    <Suspense fallback={null}>
      <Slots>
        <RouterProvider router={router} />
      </Slots>
    </Suspense>
  );
}
