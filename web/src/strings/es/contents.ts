/** What is on the disc: the list and working with it, in Spanish. */
import { bytes, count, dateAndTime, form, isolated, items, quoted } from './words.ts';

const files = (n: number) => items(n, 'archivo', 'archivos');
const folders = (n: number) => items(n, 'carpeta', 'carpetas');
const entries = (n: number) => items(n, 'elemento', 'elementos');
const andMore = (first: string, more: number) =>
  `${isolated(first)}${more > 0 ? ` y ${count(more)} más` : ''}`;

export const contents = {
  contents: {
    title: 'Contenido',
    addFiles: 'Añadir archivos',
    addFolder: 'Añadir carpeta',
    newFolder: 'Nueva carpeta',
    newFolderName: 'Nueva carpeta',
    rename: 'Cambiar nombre',
    remove: 'Quitar',
    removeAll: 'Quitar todo',
    properties: 'Propiedades',
    dropTitle: 'Suelte aquí archivos y carpetas',
    dropText: 'Se quedan donde están: nada se copia ni se envía hasta que grabe.',
    dropHere: 'Suelte para añadir al disco',
    dropInto: (name: string) => `Suelte para añadir a ${quoted(name)}`,
    tree: 'Contenido del disco',
    name: 'Nombre',
    size: 'Tamaño',
    newName: (name: string) => `Nuevo nombre de ${isolated(name)}`,
    summary: (fileCount: number, folderCount: number, size: number) =>
      `${files(fileCount)}, ${folders(folderCount)}, ${bytes(size)}`,
    folderSize: (fileCount: number, size: number) => `${bytes(size)}, ${files(fileCount)}`,
    reading: (fileCount: number) => `Leyendo… ${files(fileCount)} por ahora`,
    stop: 'Detener',
    added: (fileCount: number, folderCount: number) => {
      const what = [
        ...(fileCount > 0 ? [files(fileCount)] : []),
        ...(folderCount > 0 ? [folders(folderCount)] : []),
      ];
      const added = form(fileCount + folderCount, { one: 'Se añadió', other: 'Se añadieron' });
      return `${added} ${what.join(' y ')}.`;
    },
    noFolder:
      'No se añadió ninguna carpeta. Si el navegador rechaza una, como «Documentos» entera, arrástrela hasta aquí.',
    stopped: 'Detenido. Lo que se pudo leer por completo está en la lista.',
    replaced: (n: number) =>
      `${form(n, { one: 'Se reemplazó', other: 'Se reemplazaron' })} ${files(n)} con el mismo nombre y lugar.`,
    renamed: (n: number) =>
      `${entries(n)} ${form(n, { one: 'recibió', other: 'recibieron' })} otro nombre porque un archivo y una carpeta tenían el mismo.`,
    lifted: (folder: string) =>
      `Lo que había en ${quoted(folder)} está en el nivel superior del disco, donde se busca.`,
    spelt: (first: string, more: number) =>
      `${andMore(first, more)}: el nombre contiene medio carácter, que se escribe con su código porque ningún disco puede guardarlo.`,
    removed: (n: number) => `${form(n, { one: 'Se quitó', other: 'Se quitaron' })} ${entries(n)}.`,
    unreadableTitle: (n: number) =>
      `${entries(n)} no se ${form(n, { one: 'pudo leer y no está', other: 'pudieron leer y no están' })} en el disco`,
    unreadableText: (first: string, more: number) =>
      `${andMore(first, more)}. Compruebe que tiene permiso para ${more > 0 ? 'leerlos y añádalos' : 'leerlo y añádalo'} de nuevo.`,
    changed: 'cambia',
    shortened: 'acortado',
    changedLabel: (systems: string) => `El nombre cambia en ${systems}`,
  },
  tree: {
    modified: 'Modificado',
    kind: 'Tipo',
    folder: 'Carpeta',
    file: 'Archivo',
    fileOf: (extension: string) => `Archivo ${isolated(extension.toUpperCase())}`,
    date: (time: number) => (Number.isNaN(time) ? '–' : dateAndTime(time)),
    measuring: (n: number, of: number) => `Consultando tamaños… ${count(n)} de ${count(of)}`,
    unknownSize: '…',
    undo: 'Deshacer',
    redo: 'Rehacer',
    undoWhat: (what: string) => `Deshacer: ${what}`,
    redoWhat: (what: string) => `Rehacer: ${what}`,
    step: {
      add: 'añadir',
      remove: 'quitar',
      rename: 'cambiar nombre',
      move: 'mover',
      newFolder: 'nueva carpeta',
      properties: 'cambiar propiedades',
    },
    did: {
      add: (n: number) => `${form(n, { one: 'Se añadió', other: 'Se añadieron' })} ${entries(n)}.`,
      remove: (n: number) => `${form(n, { one: 'Se quitó', other: 'Se quitaron' })} ${entries(n)}.`,
      rename: () => 'Se cambió el nombre.',
      move: (n: number) => `${form(n, { one: 'Se movió', other: 'Se movieron' })} ${entries(n)}.`,
      newFolder: () => 'Se creó una carpeta.',
      properties: (n: number) => `${form(n, { one: 'Se modificó', other: 'Se modificaron' })} ${entries(n)}.`,
    },
    cut: 'Cortar',
    paste: 'Pegar',
    cutDone: (n: number) =>
      `${entries(n)} ${form(n, { one: 'cortado. Pegue para moverlo.', other: 'cortados. Pegue para moverlos.' })}`,
    commands: 'Acciones',
    more: 'Más acciones',
    open: 'Abrir',
    close: 'Cerrar',
    selectAll: 'Seleccionar todo',
    addToSelection: 'Añadir a la selección',
    takeFromSelection: 'Quitar de la selección',
    sortBy: 'Ordenar por',
    moveInto: (name: string) => `Mover a ${quoted(name)}`,
    moveToTop: 'Mover al nivel superior',
    search: 'Buscar',
    searchLabel: 'Buscar nombres',
    searchNone: 'Sin resultados',
    searchBusy: 'Buscando…',
    searchCount: (n: number) => items(n, 'resultado', 'resultados'),
    searchPlace: (at: number, n: number) => `${count(at)} de ${count(n)}`,
    searchNext: 'Resultado siguiente',
    searchPrevious: 'Resultado anterior',
    searchEnd: 'Terminar la búsqueda',
  },
  nameProblems: {
    empty: 'Escriba un nombre.',
    dots: '«.» y «..» tienen un significado propio. Elija otro nombre.',
    slash: 'Un nombre no puede contener «/».',
    halves: 'El nombre contiene medio carácter, que ningún disco puede guardar. Escríbalo de nuevo.',
    nul: 'Un nombre no puede contener un carácter NUL.',
    taken: 'Aquí ya hay algo con este nombre.',
  },
};
