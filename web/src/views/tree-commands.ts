import type { App } from '../state/app.svelte.ts';
import { t } from '../strings/strings.ts';
import type { SortKey } from '../tree/order.ts';
import type { MenuItem } from './menu.ts';

const isMac = 'navigator' in globalThis && navigator.userAgent.includes('Mac');
const CTRL = isMac ? '⌘' : 'Ctrl+';

/** The keys of commands, as they are written on this system. */
export const KEYS = {
  cut: `${CTRL}X`,
  paste: `${CTRL}V`,
  undo: `${CTRL}Z`,
  redo: isMac ? '⇧⌘Z' : 'Ctrl+Y',
  search: `${CTRL}F`,
  selectAll: `${CTRL}A`,
  rename: 'F2',
  remove: isMac ? '⌫' : 'Del',
  properties: isMac ? '⌥⏎' : 'Alt+Enter',
} as const;

function sortItems({ project: { view } }: App): MenuItem[] {
  const keys: [SortKey, string][] = [
    ['name', t.contents.name],
    ['modified', t.tree.modified],
    ['kind', t.tree.kind],
    ['size', t.contents.size],
  ];
  return keys.map(([key, label], index) => ({
    label: `${t.tree.sortBy}: ${label}${view.sorting.key !== key ? '' : view.sorting.descending ? ' ↓' : ' ↑'}`,
    chosen: view.sorting.key === key,
    apart: index === 0,
    run: () => {
      view.sortBy(key);
    },
  }));
}

/** What can be done with the active row and the selection. */
export function treeCommands(app: App): MenuItem[] {
  const { view, edits } = app.project;
  const node = view.activeNode;
  const nothing = view.selected.size === 0;
  const isOpen = node !== null && view.isOpen(node);
  return [
    ...(node?.kind === 'directory'
      ? [
          {
            label: isOpen ? t.tree.close : t.tree.open,
            run: () => {
              view.setOpen(node, !isOpen);
            },
          },
        ]
      : []),
    {
      label: t.contents.rename,
      keys: KEYS.rename,
      disabled: node === null,
      run: () => (edits.renaming = node),
    },
    {
      label: t.contents.newFolder,
      run: () => {
        edits.addFolder(t.contents.newFolderName);
      },
    },
    {
      label: t.tree.cut,
      keys: KEYS.cut,
      disabled: nothing,
      apart: true,
      run: () => {
        edits.cutSelected();
      },
    },
    {
      label: t.tree.paste,
      keys: KEYS.paste,
      disabled: edits.cut.size === 0,
      run: () => {
        edits.paste();
      },
    },
    {
      label: t.contents.remove,
      keys: KEYS.remove,
      disabled: nothing,
      run: () => {
        edits.removeSelected();
      },
    },
    {
      label: t.contents.properties,
      keys: KEYS.properties,
      disabled: nothing,
      apart: true,
      run: () => {
        edits.inspectSelected();
      },
    },
    {
      label: node !== null && view.selected.has(node) ? t.tree.takeFromSelection : t.tree.addToSelection,
      disabled: node === null,
      run: () => {
        view.activate(view.active, 'toggle');
      },
    },
    {
      label: t.tree.selectAll,
      keys: KEYS.selectAll,
      run: () => {
        view.selectAll();
      },
    },
    ...sortItems(app),
  ];
}

/** Does what a key press asks for. Says whether it asked for something. */
export function pressCommand(app: App, event: KeyboardEvent): boolean {
  const { edits } = app.project;
  const ctrl = event.ctrlKey || event.metaKey;
  switch (ctrl ? `ctrl+${event.key.toLowerCase()}` : event.altKey ? `alt+${event.key}` : event.key) {
    case 'Delete':
    case 'ctrl+backspace':
      edits.removeSelected();
      return true;
    case 'F2':
      edits.renaming = app.project.view.activeNode;
      return true;
    case 'alt+Enter':
      edits.inspectSelected();
      return true;
    case 'ctrl+x':
      edits.cutSelected();
      app.notices.info(t.tree.cutDone(edits.cut.size));
      return true;
    case 'ctrl+v':
      if (edits.cut.size === 0) {
        // The browser then tells of files that were copied elsewhere.
        return false;
      }
      edits.paste();
      return true;
    case 'Escape':
      return edits.uncut();
    default:
      return pressAnywhere(app, event);
  }
}

/** The keys that mean something wherever the keyboard is, as long as no text is being typed. */
export function pressAnywhere(app: App, event: KeyboardEvent): boolean {
  const { edits, view } = app.project;
  const ctrl = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  if (ctrl && key === 'z') {
    if (event.shiftKey) {
      edits.redo();
    } else {
      edits.undo();
    }
  } else if (ctrl && key === 'y') {
    edits.redo();
  } else if (ctrl && key === 'f' && !app.project.isEmpty) {
    focusSearch();
  } else if (key === 'f3' && view.search.matches.size > 0) {
    view.step(event.shiftKey ? -1 : 1);
  } else {
    return false;
  }
  return true;
}

/** The field of `SearchBar`. */
export const SEARCH_FIELD = 'search-names';

function focusSearch(): void {
  const field = document.getElementById(SEARCH_FIELD);
  if (field instanceof HTMLInputElement) {
    field.focus();
    field.select();
  }
}
