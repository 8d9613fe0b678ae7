/**
 * Copies a text that is not there yet. Safari lets only a click copy, and it has forgotten the click by the time that the text
 * is there: the clipboard waits for it instead.
 */
export async function copyLater(text: Promise<string>): Promise<void> {
  const { clipboard } = navigator;
  if (!('ClipboardItem' in globalThis)) {
    await clipboard.writeText(await text);
    return;
  }
  const blob = text.then((ready) => new Blob([ready], { type: 'text/plain' }));
  await clipboard.write([new ClipboardItem({ 'text/plain': blob })]);
}
