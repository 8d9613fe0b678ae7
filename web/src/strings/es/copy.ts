/** Reading a disc, in Spanish. */
import { bytes, form, items } from './words.ts';

export const copy = {
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
