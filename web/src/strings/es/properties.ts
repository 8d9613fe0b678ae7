/** What the properties of a file or folder are called, in Spanish. */
import { count, form, items, quoted } from './words.ts';

export const properties = {
  properties: {
    title: (name: string) => `Propiedades de ${quoted(name)}`,
    titleMany: (n: number) => `Propiedades de ${items(n, 'elemento', 'elementos')}`,
    path: 'Ruta',
    top: 'Nivel superior del disco',
    size: 'Tamaño',
    contains: 'Contiene',
    counted: (files: number, folders: number) =>
      `${items(files, 'archivo', 'archivos')}, ${items(folders, 'carpeta', 'carpetas')}`,
    times: 'Fechas',
    modified: 'Modificación',
    created: 'Creación',
    access: 'Permisos',
    accessHelp: 'Para Linux, macOS y BSD: los conservan Rock Ridge y UDF.',
    mode: 'Octal',
    modeProblem: 'Hasta cuatro cifras del 0 al 7.',
    classes: { user: 'Propietario', group: 'Grupo', others: 'Otros' },
    bits: { read: 'Leer', write: 'Escribir', execute: 'Ejecutar' },
    permit: (who: string, what: string) => `${who}: ${what}`,
    uid: 'Número de propietario',
    gid: 'Número de grupo',
    visibility: 'Visibilidad',
    hidden: 'Marcar como oculto',
    leftOut: 'Excluir de',
    order: 'Lugar en el disco',
    weight: 'Peso',
    weightHelp: 'Los archivos de más peso quedan más cerca del principio, donde se encuentran antes.',
    rangeProblem: (least: number, most: number) => `Un número entero de ${count(least)} a ${count(most)}.`,
    names: 'Nombre en el disco',
    mixed: 'Distintos',
    default: 'Predeterminado',
    save: 'Aplicar',
    cancel: 'Cancelar',
  },
  streams: {
    title: 'Flujos con nombre',
    help: 'Otro contenido que pertenece a este elemento, cada uno con un nombre propio. Windows lo abre como ELEMENTO:NOMBRE, igual que un flujo de datos alternativo; Linux muestra el elemento sin él.',
    off: 'UDF está desactivado en este disco, y ningún otro sistema de archivos tiene flujos con nombre.',
    early: (revision: string) =>
      `La imagen tiene UDF ${revision}; los flujos con nombre llegaron con UDF 2.00.`,
    hidden: 'El elemento está excluido de UDF, y sus flujos con él.',
    turnOn: 'Active UDF en «Sistemas de archivos».',
    chooseLater: 'Elija UDF 2.01 en «Revisión de UDF».',
    player: 'Los reproductores de este tipo de disco no leen otra versión de UDF.',
    remove: 'O quite los flujos en las propiedades.',
    refusedOff: (path: string) =>
      `${quoted(path)} tiene flujos con nombre, que solo existen en UDF, y UDF está desactivado.`,
    refusedEarly: (path: string, revision: string) =>
      `${quoted(path)} tiene flujos con nombre, que no existen en UDF ${revision}.`,
    name: (n: number) => `Nombre del flujo ${count(n)}`,
    absent: 'aún no encontrado',
    add: 'Añadir como flujos',
    drop: 'O suelte archivos aquí.',
    take: (name: string) => `Quitar ${quoted(name)}`,
    taken: (name: string) => `Se quitó ${quoted(name)}.`,
    added: (n: number) =>
      `${form(n, { one: 'Se añadió', other: 'Se añadieron' })} ${items(n, 'flujo', 'flujos')}.`,
    replaced: (n: number) =>
      `${form(n, { one: 'Se reemplazó', other: 'Se reemplazaron' })} ${items(n, 'flujo', 'flujos')} del mismo nombre.`,
    folders: 'Una carpeta no puede ser un flujo: solo se añadieron archivos.',
    problems: {
      long: 'Este nombre es demasiado largo: caben como máximo 254 letras latinas o 127 caracteres de otras escrituras.',
      taken: 'Otro flujo tiene este nombre.',
    },
  },
};
