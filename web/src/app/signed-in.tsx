import { Suspense } from "react";
import { RouterProvider } from "react-router";
import { router } from "@/app/router";
import { Slots } from "@/app/slots";
import { Starting } from "@/app/starting";

/** Everything behind the sign-in. */
export function SignedIn() {
  return (
    <Suspense fallback={<Starting inside />}>
      <Slots>
        <RouterProvider router={router} />
      </Slots>
    </Suspense>
  );
}
