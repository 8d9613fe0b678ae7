/**
 * Shows a dialogue over the page as soon as it is in the page: `{@attach modal}`. The keyboard is where it was when it goes,
 * by whatever way. What it looks like is in `app.css`.
 */
export function modal(dialog: HTMLDialogElement): () => void {
  const before = document.activeElement;
  dialog.showModal();
  return () => {
    if (before instanceof HTMLElement && before.isConnected) {
      before.focus();
    }
  };
}
