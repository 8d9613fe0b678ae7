/** The words of the start screen and of the kinds of projects, in Spanish. */
import { bytes, isolated, items, quoted } from './words.ts';

export const projects = {
  kinds: {
    data: { title: 'Disco de datos', text: 'Ponga archivos y carpetas en un CD, DVD o Blu-ray.' },
    bootable: {
      title: 'Disco o USB de arranque',
      text: 'Cree la imagen de un instalador o sistema de rescate que arranca un PC, desde un disco o una memoria USB.',
    },
    video: {
      title: 'Vídeo DVD o Blu-ray',
      text: 'Ponga una carpeta VIDEO_TS o BDMV en un disco para reproductores.',
    },
    image: { title: 'Grabar una imagen', text: 'Tiene un archivo .iso y lo quiere en un disco.' },
    copy: { title: 'Copiar o leer un disco', text: 'Guarde un disco como archivo o haga otro igual.' },
    erase: { title: 'Borrar un disco', text: 'Deje vacío de nuevo un disco regrabable.' },
  },
  start: {
    title: '¿Qué desea hacer?',
    dropHint:
      'O suelte archivos y carpetas en cualquier lugar de esta página para empezar un disco de datos.',
    guide: 'Guía del usuario (en inglés)',
    dropNow: 'Suelte para empezar un disco',
    back: 'Inicio',
    loading: 'Abriendo…',
    gone: 'Este proyecto no está aquí',
    goneText: 'Se eliminó o se creó en otro navegador.',
    elsewhere: 'Este proyecto está abierto en otra ventana',
    elsewhereText: 'Ciérrelo allí, para que no se pierda nada, e inténtelo de nuevo.',
    failed: 'No se pudo abrir',
    again: 'Intentar de nuevo',
    imageTitle: (name: string) => `¿Qué desea hacer con ${quoted(name)}?`,
    imageBurn: 'Grabar esta imagen',
    imageBurnText: 'El disco será lo que hay en la imagen. Es lo que hace falta para instalar sistemas.',
    imageFile: 'Ponerla en un disco como archivo',
    imageFileText: 'El disco contendrá el archivo mismo, junto con otros si lo desea.',
  },
  recent: {
    title: 'Sus proyectos',
    holds: (files: number, size: number) => `${items(files, 'archivo', 'archivos')}, ${bytes(size)}`,
    rename: (name: string) => `Cambiar el nombre de ${isolated(name)}`,
    renameThis: 'Cambiar nombre',
    newName: (name: string) => `Nuevo nombre de ${isolated(name)}`,
    duplicate: (name: string) => `Duplicar ${isolated(name)}`,
    duplicateThis: 'Duplicar',
    copyOf: (name: string) => `${name} (copia)`,
    remove: (name: string) => `Eliminar ${isolated(name)}`,
    removeThis: 'Eliminar',
    removeTitle: (name: string) => `¿Eliminar ${quoted(name)}?`,
    removeText: 'El proyecto se elimina para siempre. Sus archivos y los discos que grabó quedan como están.',
    removed: (name: string) => `Se eliminó ${quoted(name)}.`,
    duplicated: (name: string) => `Se duplicó ${quoted(name)}.`,
    removeGo: 'Eliminar',
  },
  store: {
    states: { kept: 'Guardado', changed: 'Guardando…', keeping: 'Guardando…' },
    notKept: 'Sin guardar',
    again: 'Intentar de nuevo',
    problems: {
      full: 'El navegador ya no tiene espacio para este proyecto. Aquí se conserva mientras la página esté abierta. Elimine proyectos que ya no necesite o guarde este como archivo.',
      damaged:
        'No se puede leer lo que guardó el navegador. Lo que haga ahora se conserva mientras la página esté abierta: guárdelo como archivo.',
      refused:
        'Este navegador no guarda proyectos aquí, como en una ventana privada. Lo que haga se conserva mientras la página esté abierta: guárdelo como archivo.',
    },
    damagedTitle: (name: string) => `No se pudo leer una parte de ${quoted(name)}`,
    damagedText: 'El navegador la perdió. Se muestra lo que queda; añada de nuevo lo que falta.',
  },
  file: {
    export: 'Guardar proyecto',
    exportHelp: 'Guarda este proyecto como archivo, para otro equipo o para conservarlo',
    exported: (name: string) =>
      `Se guardó ${isolated(name)}. Consérvelo junto a las carpetas de las que consta.`,
    import: 'Abrir un archivo de proyecto',
    unknownKind: (kind: string) => `Esta página no tiene proyectos del tipo ${quoted(kind)}.`,
    problems: {
      notJson: {
        what: 'Este archivo está cortado o dañado.',
        todo: 'Use otra copia. Aquí no se ha cambiado nada.',
      },
      notAProject: {
        what: 'Esto no es un proyecto de discwright.',
        todo: 'Elija un archivo que termine en .discwright.',
      },
      newer: (version: number) => ({
        what: `Este proyecto se guardó con un discwright más reciente${version > 0 ? ` (versión ${version} del formato)` : ''}.`,
        todo: 'Consiga el discwright más reciente para abrirlo.',
      }),
      damaged: (where: string) => ({
        what: `Este archivo de proyecto está dañado en ${quoted(where)}.`,
        todo: 'Use otra copia. Aquí no se ha cambiado nada.',
      }),
    },
  },
};
