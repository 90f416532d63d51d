import { useMedia } from "@/lib/use-media";

/** Whether the page is as narrow as a phone. */
export function usePhone(): boolean {
  return useMedia("(max-width: 767px)");
}
