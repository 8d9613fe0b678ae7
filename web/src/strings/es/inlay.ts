/** The paper in the case of a disc, in Spanish. */
import { items } from './words.ts';

export const inlay = {
  inlay: {
    print: 'Imprimir una carátula',
    copy: 'Copiar el contenido como texto',
    copied: 'Copiado.',
    copyFailed: 'El navegador no permitió copiar.',
    words: {
      volume: 'Volumen',
      medium: 'Disco',
      date: 'Grabado',
      size: 'Tamaño',
      checksum: 'SHA-256',
      more: (n: number) => `y ${items(n, 'elemento', 'elementos')} más`,
    },
    front: 'Delantera de la caja, 120 por 120 mm',
    back: 'Trasera de la caja, 151 por 118 mm',
    contents: 'Contenido',
    onSheet: (n: number) => `y ${items(n, 'elemento', 'elementos')} más en la página siguiente`,
  },
};
