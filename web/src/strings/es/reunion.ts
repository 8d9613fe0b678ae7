/** What is said where the page needs files of the user again, in Spanish. */
import { count, form, items, list, quoted } from './words.ts';

export const reunion = {
  reunion: {
    title: 'Hacen falta de nuevo sus archivos',
    permissionText: 'El navegador pregunta antes de que esta página pueda volver a leer sus archivos.',
    allow: 'Permitir la lectura',
    showText: (names: readonly string[]) =>
      `Este navegador olvida dónde están los archivos. Suelte aquí de nuevo ${list(names)} o use los botones para elegir.`,
    lostText: (n: number) =>
      `${items(n, 'archivo', 'archivos')} no ${form(n, { one: 'está', other: 'están' })} como antes. Suelte aquí de nuevo la carpeta o decida qué hacer:`,
    from: (name: string) => `de ${quoted(name)}`,
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
};
