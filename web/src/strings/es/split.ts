/** Dividing a set over several discs, in Spanish. */
import { bytes, count, isolated, items, quoted } from './words.ts';

export const split = {
  split: {
    title: 'Repartir en varios discos',
    working: (planned: number) =>
      planned === 0 ? 'Ordenando los archivos…' : `Planificando el disco ${count(planned)}…`,
    name: (title: string, number: number, of: number) => `${title} (${count(number)} de ${count(of)})`,
    text: (discs: number, label: string) =>
      `${items(discs, 'disco', 'discos')} del tipo ${label}. Las carpetas no se separan si caben en un disco; ningún archivo se divide.`,
    part: (size: number, files: number) => `${bytes(size)}, ${items(files, 'archivo', 'archivos')}`,
    list: (name: string) =>
      `Poner en cada disco una lista de qué archivo está en qué disco, como ${isolated(name)}`,
    go: (discs: number) => `Crear ${items(discs, 'proyecto', 'proyectos')}`,
    making: 'Creando los proyectos…',
    made: (discs: number) =>
      `Proyectos creados: ${count(discs)}. Están en la página de inicio; este se queda como está.`,
    cancel: 'Cancelar',
    tooLarge: (path: string, size: number) =>
      `${quoted(path)} tiene ${bytes(size)}, más de lo que cabe en un disco así. Los archivos no se dividen.`,
    tooLargeTodo: 'Elija un tipo de disco mayor o quite este archivo.',
    noRoom: 'Los nombres y carpetas por sí solos no dejan sitio en un disco así.',
    noRoomTodo: 'Elija un tipo de disco mayor o menos sistemas de archivos.',
  },
};
