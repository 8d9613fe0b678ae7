/** The words of the start screen and of the kinds of projects, in Spanish. */
import { bytes, count, form, isolated, items, list, quoted } from './words.ts';

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
  reunion: {
    title: 'Hacen falta de nuevo sus archivos',
    permissionText: 'El navegador pregunta antes de que esta página pueda volver a leer sus archivos.',
    allow: 'Permitir la lectura',
    showText: (names: readonly string[]) =>
      `Este navegador olvida dónde están los archivos. Suelte aquí de nuevo ${list(names)} o use los botones para elegir.`,
    lostText: (n: number) =>
      `${items(n, 'archivo', 'archivos')} no ${form(n, { one: 'está', other: 'están' })} como antes. Suelte aquí de nuevo la carpeta o decida qué hacer:`,
    gone: 'no se encontró',
    changed: 'ha cambiado',
    showAll: (n: number) => `Mostrar los ${count(n)}`,
    chooseFolder: 'Elegir carpeta',
    chooseFiles: 'Elegir archivos',
    takeChanged: (n: number) =>
      `Usar ${items(n, 'archivo modificado tal como está', 'archivos modificados tal como están')}`,
    remove: (n: number) => `Dejar fuera ${items(n, 'archivo', 'archivos')}`,
    looking: (done: number, of: number) => `Buscando sus archivos… ${count(done)} de ${count(of)}`,
    found: (n: number) =>
      `${form(n, { one: 'Se encontró', other: 'Se encontraron' })} de nuevo ${items(n, 'archivo', 'archivos')}.`,
    noneFound: 'Ninguno de estos archivos es de este proyecto.',
    noneFoundTodo:
      'Elija la misma carpeta que antes. Su nombre y los archivos que contiene deben ser los mismos.',
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
  image: {
    title: 'Imagen',
    dropTitle: 'Suelte aquí la imagen',
    dropText: 'Un archivo que termina en .iso o .img, como los que se descargan para instalar sistemas.',
    choose: 'Elegir imagen',
    chooseOther: 'Elegir otra',
    file: 'Archivo',
    size: 'Tamaño',
    exact: (size: number) => `exactamente ${items(size, 'byte', 'bytes')}`,
    fits: 'Cabe en',
    fitsNone: 'Ningún disco es lo bastante grande',
    sum: 'Calcular',
    summing: 'Calculando SHA-256',
    stop: 'Detener',
    showAgain: (name: string) =>
      `Este navegador olvida dónde están los archivos. Elija de nuevo ${quoted(name)}.`,
    another: (name: string) => `Este archivo no es ${quoted(name)}. Ocupa su lugar.`,
    noFile: 'Eso no es un archivo.',
    noFileTodo: 'Suelte un solo archivo de imagen.',
    lost: (name: string) => `${quoted(name)} no está donde estaba.`,
    lostTodo: 'Elija de nuevo el archivo.',
  },
  erase: {
    title: '¿Qué disco?',
    running: 'Borrando',
    text: 'Solo se pueden borrar los discos regrabables (CD-RW, DVD-RW, DVD+RW, DVD-RAM, BD-RE).',
    isBlank: 'Este disco ya está vacío.',
    onDisc: (size: number, sessions: number, tracks: number) =>
      `Ahora contiene: ${size > 0 ? `${bytes(size)} en ` : ''}${items(sessions, 'sesión', 'sesiones')} con ${items(tracks, 'pista', 'pistas')}.`,
    how: '¿Cómo se borra?',
    quick: 'Rápidamente',
    quickText:
      'Uno o dos minutos. El disco parece vacío, pero con herramientas especiales aún podría encontrarse lo que contenía.',
    full: 'Por completo',
    fullText: 'Tarda tanto como grabar un disco lleno. Se sobrescribe todo.',
    button: 'Borrar disco',
    notNow: {
      noDrive: 'No se encontró ninguna grabadora.',
      noMedium: 'Inserte el disco en la unidad.',
      busy: 'La unidad está haciendo otra cosa.',
      once: 'Este disco solo se puede grabar una vez. No se puede borrar.',
    },
    confirmTitle: '¿Borrar este disco?',
    confirmText: (label: string, drive: string) =>
      `Se perderá todo lo que hay en el ${label} de ${drive}. No se puede deshacer.`,
    confirmBlank: (label: string) => `El ${label} ya está vacío. Al borrarlo de nuevo no se pierde nada.`,
    confirmGo: 'Borrar',
    done: 'El disco está borrado',
    failed: 'El disco no se borró',
    cancelled: 'Se detuvo el borrado',
    cancel: 'Detener el borrado',
    another: 'Borrar otro',
  },
  copy: {
    title: '¿Qué disco?',
    readTitle: 'El disco se ha leído',
    text: 'El disco se lee en una imagen. Después puede guardarla como archivo o grabarla en otro disco.',
    button: 'Leer disco',
    notNow: {
      noDrive: 'No se encontró ninguna unidad.',
      noMedium: 'Inserte el disco en la unidad.',
      busy: 'La unidad está haciendo otra cosa.',
      blank: 'Este disco está vacío: no hay nada que leer.',
    },
    done: 'El disco se leyó por completo',
    failed: 'El disco no se leyó',
    cancelled: 'Se detuvo la lectura',
    cancel: 'Detener la lectura',
    damaged: (blocks: number) =>
      `${items(blocks, 'bloque', 'bloques')} del disco no se ${form(blocks, { one: 'pudo leer y queda vacío', other: 'pudieron leer y quedan vacíos' })} en la imagen. Afecta a estos archivos:`,
    next: (size: number) => `La imagen tiene ${bytes(size)}. El agente la conserva un tiempo.`,
    save: 'Guardar como archivo',
    onto: 'Para hacer una copia, inserte un disco vacío o regrabable en una unidad.',
    another: 'Leer otro disco',
  },
};
