const PLACE = "/welcome";

/** What stands in a link to choose a password by, where the page was opened by one. */
export function linkHere(): string | null {
  return window.location.pathname === PLACE ? window.location.hash.slice(1) : null;
}
