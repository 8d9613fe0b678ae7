/** An image that is burned as it is, in Spanish. */
import { items, quoted } from './words.ts';

export const image = {
  image: {
    title: 'Imagen',
    dropTitle: 'Suelte aquí la imagen',
    dropText: 'Un archivo que termina en .iso o .img, como los que se descargan para instalar sistemas.',
    choose: 'Elegir imagen',
    chooseOther: 'Elegir otra',
    file: 'Archivo',
    size: 'Tamaño',
    exact: (size: number) => `exactamente ${items(size, 'byte', 'bytes')}`,
    fits: 'Disco más pequeño',
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
};
