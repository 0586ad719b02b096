/** Where menus and tooltips are put: inside the page's main landmark, so that nothing stands outside all landmarks. */

/** Spread into a Radix portal. While a dialog is open the page behind it is hidden from screen readers; then the body is right. */
export function floatContainer(): { container?: HTMLElement } {
  if (typeof document === 'undefined' || document.querySelector('[role="dialog"][data-state="open"], [role="alertdialog"][data-state="open"]') !== null) return {};
  const main = document.getElementById('main');
  return main === null ? {} : { container: main };
}
