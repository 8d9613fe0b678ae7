/** A page that makes disc images of files and looks into them. The reader is loaded when the first image is opened. */
import { buildImage } from 'discwright';

const status = document.querySelector('#status');
const list = document.querySelector('#list');

/** Offers a Blob under a name. */
function offer(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.textContent = `${name} (${blob.size} bytes)`;
  const item = document.createElement('li');
  item.append(link);
  list.append(item);
}

/** What went wrong, and what to do about it. */
function tell(error) {
  status.textContent = [error.message, error.hint].filter(Boolean).join(': ');
}

async function make(files) {
  const image = await buildImage(files, { volumeId: 'FROM THE PAGE' });
  offer(await image.blob(), 'image.iso');
  status.textContent = `${files.length} files in ${image.blocks} blocks`;
  image.free();
}

async function look(file) {
  const { openImage } = await import('discwright/read');
  const image = await openImage(file);
  status.textContent = `${image.volume().volumeId}: ${image.fileSystems.join(', ')}`;
  for await (const entry of image.list()) {
    if (entry.kind === 'file') {
      const content = await image.extract(entry.path);
      offer(await content.blob(), entry.path);
    }
  }
  image.free();
}

document.querySelector('#files').addEventListener('change', ({ target }) => make(target.files).catch(tell));
document
  .querySelector('#image')
  .addEventListener('change', ({ target }) => look(target.files[0]).catch(tell));
