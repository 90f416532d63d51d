/** The page's own mark on style sheets: without it the browser refuses whatever a script adds. */
export const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";

/**
 * Ant Design marks its style sheets itself, except the one that keeps the page from scrolling under a dialog.
 * So every style element made by our scripts gets the mark when it is made.
 */
export function markStyles(): void {
  const make = document.createElement.bind(document);
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    const element = make(name, options);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  }) as typeof document.createElement;
}
