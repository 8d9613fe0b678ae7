/** Shows a dialogue over the page as soon as it is in the page: `{@attach modal}`. What it looks like is in `app.css`. */
export function modal(dialog: HTMLDialogElement): void {
  dialog.showModal();
}
